# The picture of the network as it is drawn: boxes, ways, and what is at fault.
ecsgate report -f html --profile seed-report --no-config examples/cdk/cdk.out.bad | grep -o '<figure class="network">.*' | sed 's/></>\n</g'
