import { connectCluster } from '@heddle/kubernetes';
import { checkNothingLeft, meshObjects } from './objects.ts';
import { ask, check, command, endServers, heddle, localServer, type RunningSandbox, say, show, startSandbox } from './stage.ts';

const NAMESPACE = 'mesh-demo';
const FIREFOX = { 'user-agent': 'Mozilla/5.0 (X11; Linux x86_64; rv:67.0) Gecko/20100101 Firefox/67.0' };
const CHROME = { 'user-agent': 'Mozilla/5.0 (X11; Linux x86_64) Chrome/119.0.0.0' };
const TOMCAT7 = '200 Apache Tomcat/7.0.109';
const TOMCAT8 = '200 Apache Tomcat/8.5.100 on this laptop';
const ALICE = '200 Apache Tomcat/9.0.1 on the laptop of alice';

/** The story of the KtConnect guide. The sandbox goes on: the second act needs it. */
export async function tomcatAct(): Promise<RunningSandbox> {
  say('A cluster with Istio: the sandbox, in one process, with the objects of the KtConnect guide.');
  const sandbox = await startSandbox(['--mesh', 'istio', '--scenario', 'tomcat']);
  const { kubeconfig, gatewayUrl, clientUrl } = sandbox;
  const gateway = (headers: Record<string, string>) => ask(gatewayUrl, { host: 'tomcat.mesh.com', ...headers });
  const inMesh = (headers: Record<string, string>) => ask(clientUrl, { host: 'tomcat:8080', ...headers });
  const cluster = await connectCluster({ kubeconfig });
  const before = await meshObjects(cluster, NAMESPACE);
  check('Firefox 67 through the gateway', await gateway(FIREFOX), TOMCAT7);
  check('Chrome through the gateway', await gateway(CHROME), TOMCAT7);
  check('Firefox 67 from a pod in the mesh', await inMesh(FIREFOX), TOMCAT7);

  const mine = await localServer('Apache Tomcat/8.5.100 on this laptop', 8080);
  const hers = await localServer('Apache Tomcat/9.0.1 on the laptop of alice', 0);
  const expose = mine.port === 8080 ? '8080' : `${mine.port}:8080`;
  say(`A tomcat 8 runs on this machine, port ${mine.port}. Firefox 67 shall get it, and nobody else.`);
  const firstArgs = ['mesh', 'tomcat', '--expose', expose, '-n', NAMESPACE, '--header', 'user-agent=~.*Firefox/67\\.0.*', '--yes'];
  command(firstArgs);
  const first = heddle(firstArgs, { echo: true });
  await first.until(/\bactive\b/);
  check('Firefox 67 through the gateway', await gateway(FIREFOX), TOMCAT8);
  check('Chrome through the gateway', await gateway(CHROME), TOMCAT7);
  check('Firefox 67 from a pod in the mesh', await inMesh(FIREFOX), TOMCAT8);
  check('Chrome from a pod in the mesh', await inMesh(CHROME), TOMCAT7);

  say('The guide’s VirtualService is bound to the gateway alone: callers in the mesh never saw it. heddle covers both planes:');
  const shown = heddle(['route', 'show', 'tomcat', '-n', NAMESPACE]);
  command(['route', 'show', 'tomcat', '-n', NAMESPACE]);
  await shown.exit;
  show(shown.stdout().trimEnd());

  say('A colleague takes requests with her own header, at the same time.');
  const secondArgs = ['mesh', 'tomcat', '--expose', `${hers.port}:8080`, '-n', NAMESPACE, '--header', 'x-dev=alice', '--yes'];
  command(secondArgs);
  const second = heddle(secondArgs);
  await second.until(/\bactive\b/);
  check('x-dev: alice through the gateway', await gateway({ ...CHROME, 'x-dev': 'alice' }), ALICE);
  check('x-dev: alice from a pod in the mesh', await inMesh({ 'x-dev': 'alice' }), ALICE);
  check('Firefox 67 through the gateway', await gateway(FIREFOX), TOMCAT8);
  check('Chrome through the gateway', await gateway(CHROME), TOMCAT7);

  say('Ctrl-C ends the first session; the second goes on.');
  first.child.kill('SIGINT');
  check('exit code of the first', String(await first.exit), '0');
  check('Firefox 67 through the gateway', await gateway(FIREFOX), TOMCAT7);
  check('Firefox 67 from a pod in the mesh', await inMesh(FIREFOX), TOMCAT7);
  check('x-dev: alice through the gateway', await gateway({ 'x-dev': 'alice' }), ALICE);

  say('Ctrl-C ends the second. The user’s objects are what they were, and nothing of ours is left.');
  second.child.kill('SIGINT');
  check('exit code of the second', String(await second.exit), '0');
  check('x-dev: alice through the gateway', await gateway({ 'x-dev': 'alice' }), TOMCAT7);
  await checkNothingLeft(cluster, NAMESPACE, before);

  await cluster.close();
  await endServers([mine, hers]);
  return sandbox;
}
