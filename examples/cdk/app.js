// The court case system as a CDK app of two stacks: a network, and what runs in it.
//
//   cdk synth                        hardened: every check of the default policy holds
//   cdk synth --context variant=bad  with the faults of its early deployments, each marked
const cdk = require('aws-cdk-lib');
const acm = require('aws-cdk-lib/aws-certificatemanager');
const cloudwatch = require('aws-cdk-lib/aws-cloudwatch');
const actions = require('aws-cdk-lib/aws-cloudwatch-actions');
const ec2 = require('aws-cdk-lib/aws-ec2');
const ecs = require('aws-cdk-lib/aws-ecs');
const elb = require('aws-cdk-lib/aws-elasticloadbalancingv2');
const iam = require('aws-cdk-lib/aws-iam');
const logs = require('aws-cdk-lib/aws-logs');
const rds = require('aws-cdk-lib/aws-rds');
const s3 = require('aws-cdk-lib/aws-s3');
const secretsmanager = require('aws-cdk-lib/aws-secretsmanager');
const sns = require('aws-cdk-lib/aws-sns');
const subscriptions = require('aws-cdk-lib/aws-sns-subscriptions');
const wafv2 = require('aws-cdk-lib/aws-wafv2');

class Network extends cdk.Stack {
  constructor(scope, id, props) {
    super(scope, id, props);
    this.vpc = new ec2.Vpc(this, 'Vpc', {
      maxAzs: 2,
      natGateways: 1,
      subnetConfiguration: [
        { name: 'Public', subnetType: ec2.SubnetType.PUBLIC, cidrMask: 24 },
        { name: 'Private', subnetType: ec2.SubnetType.PRIVATE_WITH_EGRESS, cidrMask: 24 },
        { name: 'Isolated', subnetType: ec2.SubnetType.PRIVATE_ISOLATED, cidrMask: 24 },
      ],
    });
    if (!props.bad) this.vpc.addFlowLog('FlowLog');
  }
}

class CourtCase extends cdk.Stack {
  constructor(scope, id, props) {
    super(scope, id, props);
    this.bad = props.bad;
    this.vpc = props.vpc;
    this.tag = this.bad ? 'latest' : 'v1.86.0'; // fault: an image that changes without a deployment
    this.registry = secretsmanager.Secret.fromSecretNameV2(this, 'DockerHub', 'dockerhub-credentials');
    this.cluster = new ecs.Cluster(this, 'Cluster', {
      vpc: this.vpc,
      containerInsightsV2: this.bad ? ecs.ContainerInsights.DISABLED : ecs.ContainerInsights.ENHANCED,
    });
    this.documents = this.bucket('Documents');
    this.media = this.bucket('Media');
    this.makeDatabase();
    this.makeBackend();
    this.makeMedia();
    this.makeAlarms();
    for (const part of [this.cluster, this.backend, this.mediaService]) cdk.Tags.of(part).add('Project', 'CourtCase');
  }

  bucket(id, more) {
    return new s3.Bucket(this, id, this.bad
      ? { blockPublicAccess: new s3.BlockPublicAccess({ blockPublicAcls: false }) } // fault
      : { encryption: s3.BucketEncryption.S3_MANAGED, blockPublicAccess: s3.BlockPublicAccess.BLOCK_ALL,
        enforceSSL: true, versioned: true, ...more });
  }

  role(id) {
    return new iam.Role(this, id, {
      assumedBy: new iam.ServicePrincipal('ecs-tasks.amazonaws.com', this.bad ? {} : {
        conditions: {
          StringEquals: { 'aws:SourceAccount': this.account },
          ArnLike: { 'aws:SourceArn': `arn:${this.partition}:ecs:${this.region}:${this.account}:*` },
        },
      }),
    });
  }

  logging(name) {
    const logGroup = new logs.LogGroup(this, `${name}Logs`, {
      retention: this.bad ? logs.RetentionDays.INFINITE : logs.RetentionDays.ONE_YEAR, // fault: for ever
    });
    return ecs.LogDrivers.awsLogs({
      streamPrefix: name.toLowerCase(), logGroup,
      mode: ecs.AwsLogDriverMode.NON_BLOCKING, maxBufferSize: cdk.Size.mebibytes(25),
    });
  }

  makeDatabase() {
    this.databaseGroup = new ec2.SecurityGroup(this, 'DatabaseGroup', {
      vpc: this.vpc, description: 'The database', allowAllOutbound: false,
    });
    const engine = rds.DatabaseInstanceEngine.postgres({ version: rds.PostgresEngineVersion.of('17.6', '17') });
    this.database = new rds.DatabaseInstance(this, 'Database', {
      engine, vpc: this.vpc, securityGroups: [this.databaseGroup],
      parameterGroup: new rds.ParameterGroup(this, 'DatabaseParameters', {
        engine, parameters: { 'rds.force_ssl': this.bad ? '0' : '1' }, // fault: clear text is admitted
      }),
      vpcSubnets: { subnetType: this.bad ? ec2.SubnetType.PUBLIC : ec2.SubnetType.PRIVATE_ISOLATED }, // fault
      publiclyAccessible: this.bad, // fault
      credentials: rds.Credentials.fromUsername('courtcase'), manageMasterUserPassword: true,
      storageEncrypted: !this.bad, multiAz: !this.bad, deletionProtection: !this.bad, // faults
      backupRetention: cdk.Duration.days(this.bad ? 0 : 14), // fault
      cloudwatchLogsExports: this.bad ? [] : ['postgresql'],
      removalPolicy: this.bad ? cdk.RemovalPolicy.DESTROY : cdk.RemovalPolicy.SNAPSHOT,
    });
  }

  makeBackend() {
    const { bad, vpc } = this;
    const executionRole = this.role('BackendExecutionRole');
    const taskRole = bad ? executionRole : this.role('BackendTaskRole'); // fault: one role for both
    this.documents.grantReadWrite(taskRole);
    this.media.grantReadWrite(taskRole);

    const task = new ecs.FargateTaskDefinition(this, 'BackendTask', {
      cpu: 2048, memoryLimitMiB: 4096, executionRole, taskRole,
    });
    cdk.Tags.of(task).add('Project', 'CourtCase');
    const linux = new ecs.LinuxParameters(this, 'BackendLinux', { initProcessEnabled: true });
    if (!bad) linux.dropCapabilities(ecs.Capability.ALL); // fault otherwise
    const container = task.addContainer('backend', {
      image: ecs.ContainerImage.fromRegistry(`docker.io/courtcase/court-case-backend:${this.tag}`,
        bad ? {} : { credentials: this.registry }), // fault: Docker Hub's rate limit
      user: bad ? undefined : '1000:1000',
      readonlyRootFilesystem: bad ? undefined : true, // fault
      linuxParameters: linux,
      portMappings: [{ containerPort: 8000, name: 'http' }],
      environment: {
        DATABASE_HOST: this.database.dbInstanceEndpointAddress,
        DOCUMENTS_BUCKET: this.documents.bucketName,
        MEDIA_BUCKET: this.media.bucketName,
        ...(bad ? { SECRET_KEY: 'f3c1a97e5b2d48068e6a' } : {}), // fault
      },
      secrets: {
        DATABASE_USER: ecs.Secret.fromSecretsManager(this.database.secret, 'username'),
        DATABASE_PASSWORD: ecs.Secret.fromSecretsManager(this.database.secret, 'password'),
      },
      healthCheck: bad ? undefined : {
        command: ['CMD-SHELL', 'curl -f http://localhost:8000/health/live || exit 1'],
        interval: cdk.Duration.seconds(30), timeout: cdk.Duration.seconds(10), retries: 3,
        startPeriod: cdk.Duration.seconds(60),
      },
      logging: this.logging('Backend'),
    });
    if (!bad) {
      task.addVolume({ name: 'tmp' });
      container.addMountPoints({ sourceVolume: 'tmp', containerPath: '/tmp', readOnly: false });
    }

    const balancerGroup = new ec2.SecurityGroup(this, 'BalancerGroup', {
      vpc, description: 'The public load balancer', allowAllOutbound: false,
    });
    const group = new ec2.SecurityGroup(this, 'BackendGroup', {
      vpc, description: 'Tasks of the backend', allowAllOutbound: bad,
    });
    if (bad) {
      group.addIngressRule(ec2.Peer.anyIpv4(), ec2.Port.tcp(8000), 'open to the world'); // fault
      this.databaseGroup.addIngressRule(ec2.Peer.ipv4(vpc.vpcCidrBlock), ec2.Port.tcp(5432), 'whole VPC'); // fault
    } else {
      group.addEgressRule(ec2.Peer.anyIpv4(), ec2.Port.tcp(443), 'AWS APIs and image registry');
    }

    this.backend = new ecs.FargateService(this, 'BackendService', {
      cluster: this.cluster, taskDefinition: task, securityGroups: [group],
      desiredCount: bad ? 1 : 2, // fault
      minHealthyPercent: bad ? 0 : 100, maxHealthyPercent: bad ? 100 : 200, // fault: an outage each time
      circuitBreaker: bad ? undefined : { rollback: true }, // fault
      assignPublicIp: bad, // fault
      vpcSubnets: { subnetType: bad ? ec2.SubnetType.PUBLIC : ec2.SubnetType.PRIVATE_WITH_EGRESS }, // fault
      healthCheckGracePeriod: cdk.Duration.seconds(bad ? 0 : 300), // fault
      enableECSManagedTags: true, propagateTags: ecs.PropagatedTagSource.SERVICE,
    });
    if (!bad) this.backend.connections.allowTo(this.database, ec2.Port.tcp(5432), 'PostgreSQL from the backend');

    this.balancer = new elb.ApplicationLoadBalancer(this, 'Balancer', {
      vpc, internetFacing: true, securityGroup: balancerGroup,
      deletionProtection: !bad, dropInvalidHeaderFields: !bad,
    });
    const certificate = acm.Certificate.fromCertificateArn(this, 'Certificate',
      `arn:aws:acm:${this.region}:${this.account}:certificate/5f2c1b7e-8d3a-4c46-9a0e-1f6b2d4c8e90`);
    const listener = bad
      ? this.balancer.addListener('Http', { port: 80 }) // fault: clear text
      : this.balancer.addListener('Https', { port: 443, certificates: [certificate], sslPolicy: elb.SslPolicy.RECOMMENDED_TLS });
    this.targets = listener.addTargets('Backend', {
      port: 8000, protocol: elb.ApplicationProtocol.HTTP, targets: [this.backend],
      healthCheck: {
        path: '/health/ready', port: '8000', healthyThresholdCount: 2, unhealthyThresholdCount: 3,
        interval: cdk.Duration.seconds(30), timeout: cdk.Duration.seconds(10), healthyHttpCodes: '200',
      },
    });
    if (bad) return;
    this.balancer.addRedirect();
    this.balancer.logAccessLogs(this.bucket('AccessLogs', { versioned: false }));
    this.protect();
  }

  protect() {
    const visible = (metricName) => ({ metricName, cloudWatchMetricsEnabled: true, sampledRequestsEnabled: true });
    const firewall = new wafv2.CfnWebACL(this, 'Firewall', {
      scope: 'REGIONAL', defaultAction: { allow: {} }, visibilityConfig: visible('court-case'),
      rules: [{
        name: 'common', priority: 0, overrideAction: { none: {} }, visibilityConfig: visible('common'),
        statement: { managedRuleGroupStatement: { vendorName: 'AWS', name: 'AWSManagedRulesCommonRuleSet' } },
      }],
    });
    new wafv2.CfnWebACLAssociation(this, 'FirewallAssociation', {
      resourceArn: this.balancer.loadBalancerArn, webAclArn: firewall.attrArn,
    });
  }

  makeMedia() {
    const { bad } = this;
    const task = new ecs.FargateTaskDefinition(this, 'MediaTask', {
      cpu: 2048, memoryLimitMiB: 4096, taskRole: this.role('MediaTaskRole'),
      executionRole: bad ? undefined : this.role('MediaExecutionRole'),
    });
    cdk.Tags.of(task).add('Project', 'CourtCase');
    this.media.grantReadWrite(task.taskRole);
    const linux = new ecs.LinuxParameters(this, 'MediaLinux', { initProcessEnabled: true });
    linux.dropCapabilities(ecs.Capability.ALL);
    const container = task.addContainer('media', {
      image: ecs.ContainerImage.fromRegistry(`docker.io/courtcase/court-case-media:${this.tag}`,
        bad ? {} : { credentials: this.registry }),
      user: '1000:1000', readonlyRootFilesystem: true, linuxParameters: linux,
      environment: { MEDIA_BUCKET: this.media.bucketName },
      healthCheck: { command: ['CMD', 'python', '-m', 'media.health'], startPeriod: cdk.Duration.seconds(60) },
      logging: bad ? undefined : this.logging('Media'), // fault: no log configuration
    });
    task.addVolume({ name: 'scratch' });
    container.addMountPoints({ sourceVolume: 'scratch', containerPath: '/tmp', readOnly: false });
    // fault: an override of the property alone makes neither the execution role nor its permission
    if (bad) {
      task.node.defaultChild.addPropertyOverride('ContainerDefinitions.0.RepositoryCredentials',
        { CredentialsParameter: this.registry.secretArn });
    }

    const group = new ec2.SecurityGroup(this, 'MediaGroup', {
      vpc: this.vpc, description: 'Tasks of the media processor; nothing connects to them', allowAllOutbound: false,
    });
    group.addEgressRule(ec2.Peer.anyIpv4(), ec2.Port.tcp(443), 'AWS APIs and image registry');
    this.mediaService = new ecs.FargateService(this, 'MediaService', {
      cluster: this.cluster, taskDefinition: task, securityGroups: [group], desiredCount: 2,
      minHealthyPercent: 50, maxHealthyPercent: 200, circuitBreaker: { rollback: true }, assignPublicIp: false,
      vpcSubnets: { subnetType: ec2.SubnetType.PRIVATE_WITH_EGRESS },
      enableECSManagedTags: true, propagateTags: ecs.PropagatedTagSource.SERVICE,
    });
  }

  makeAlarms() {
    if (this.bad) return; // fault: nobody is told
    const topic = new sns.Topic(this, 'Alerts');
    topic.addSubscription(new subscriptions.EmailSubscription('operations@example.com'));
    const alarm = (id, metric, threshold) =>
      new cloudwatch.Alarm(this, id, { metric, threshold, evaluationPeriods: 2 })
        .addAlarmAction(new actions.SnsAction(topic));
    alarm('BackendCpu', this.backend.metricCpuUtilization(), 80);
    alarm('BackendMemory', this.backend.metricMemoryUtilization(), 80);
    alarm('MediaCpu', this.mediaService.metricCpuUtilization(), 90);
    alarm('MediaMemory', this.mediaService.metricMemoryUtilization(), 90);
    alarm('UnhealthyHosts', this.targets.metrics.unhealthyHostCount(), 1);
    new cloudwatch.Dashboard(this, 'Dashboard', {
      widgets: [[
        new cloudwatch.GraphWidget({ title: 'Processors', left: [this.backend.metricCpuUtilization()] }),
        new cloudwatch.GraphWidget({ title: 'Memory', left: [this.backend.metricMemoryUtilization()] }),
      ]],
    });
  }
}

const app = new cdk.App();
const bad = app.node.tryGetContext('variant') === 'bad';
const env = { account: '111122223333', region: 'us-east-1' };
const network = new Network(app, 'CourtCaseNetwork', { env, bad });
new CourtCase(app, 'CourtCaseService', { env, bad, vpc: network.vpc });
