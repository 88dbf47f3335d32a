ecsgate check -f json examples/cdk/cdk.out.bad | scripts/verdicts
