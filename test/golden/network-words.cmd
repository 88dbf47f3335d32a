# The picture of the network in words, with what is at fault in it.
ecsgate report --profile seed-report --no-config examples/cdk/cdk.out.bad | sed -n '/^### Ways to/,/^### Security/p'
