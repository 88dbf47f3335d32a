ecsgate check --region us-east-1 examples/cdk/cdk.out.bad
