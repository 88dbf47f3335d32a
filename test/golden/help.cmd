ecsgate --help
for command in $(ecsgate --help | sed -n 's/^  \([a-z][a-z]*\) .*/\1/p'); do
    echo "---- $command"
    ecsgate "$command" --help
done
