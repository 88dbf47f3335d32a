ecsgate check -f json examples/cdk/cdk.out.good | scripts/verdicts
