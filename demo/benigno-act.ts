import { delimiter } from 'node:path';
import { connectCluster } from '@heddle/kubernetes';
import { checkNothingLeft, meshObjects } from './objects.ts';
import {
  ask,
  check,
  command,
  endSandbox,
  endServers,
  environment,
  finished,
  heddle,
  localServer,
  type RunningSandbox,
  say,
  show,
  startSandbox,
} from './stage.ts';

const NAMESPACE = 'kong-mesh-app';
const REQUESTS = 1000;

/** The same commands on a second cluster, whose mesh is another one, at the same time; then a split, counted. */
export async function benignoAct(guide: RunningSandbox): Promise<void> {
  say('A second cluster, with Kuma, whose objects Kong Mesh shares: magnanimo calls benigno there, v1 and v2. The first cluster goes on.');
  const eu = await startSandbox(['--mesh', 'kuma', '--scenario', 'benigno', '--name', 'eu-kong']);
  environment.KUBECONFIG = `${guide.kubeconfig}${delimiter}${eu.kubeconfig}`;
  const cluster = await connectCluster({ kubeconfig: eu.kubeconfig });
  const before = await meshObjects(cluster, NAMESPACE);
  const magnanimo = (headers: Record<string, string>) => ask(eu.clientUrl, { host: 'benigno:5000', ...headers });
  const tomcat = (headers: Record<string, string>) => ask(guide.clientUrl, { host: 'tomcat:8080', ...headers });

  say('The configuration says once which cluster runs what; from then on the context is all that differs.');
  for (const [key, value] of [
    ['clusters.guide.context', guide.name],
    ['clusters.guide.mesh', 'istio'],
    ['clusters.eu-kong.context', 'eu-kong*'],
    ['clusters.eu-kong.mesh', 'kuma'],
  ] as const)
    await finished(['config', 'set', key, value]);
  show(await finished(['clusters']));

  say('One terminal, two sessions: tomcat on Istio and benigno on Kuma.');
  const mine = await localServer('Apache Tomcat/8.5.100 on this laptop', 0);
  const hers = await localServer('benigno on this laptop', 0);
  const sessions = [
    ['mesh', 'tomcat', '--expose', `${mine.port}:8080`, '-n', 'mesh-demo', '--context', guide.name],
    ['mesh', 'benigno', '--expose', `${hers.port}:5000`, '-n', NAMESPACE, '--context', eu.name],
  ].map((args) => {
    const all = [...args, '--header', 'x-dev=jason', '--yes'];
    command(all);
    return heddle(all);
  });
  for (const session of sessions) await session.until(/\bactive\b/);
  const jason = { 'x-dev': 'jason' };
  check('x-dev: jason to tomcat', await tomcat(jason), '200 Apache Tomcat/8.5.100 on this laptop');
  check('x-dev: jason to benigno', await magnanimo(jason), '200 benigno on this laptop');
  check('others to tomcat', await tomcat({}), '200 Apache Tomcat/7.0.109');
  check('others to benigno', versions(await count(50, () => magnanimo({}))), 'v1 and v2');

  say('Release: nine in ten of everybody’s requests to v1. Jason’s still reach the laptop.');
  const split = ['route', 'split', 'benigno', 'v1=90', 'v2=10', '-n', NAMESPACE, '--context', eu.name, '--yes'];
  show(await finished(split));
  const counted = await count(REQUESTS, () => magnanimo({}));
  const v1 = counted.get('200 benigno v1') ?? 0;
  show(`of ${REQUESTS} requests: ${[...counted].map(([answer, times]) => `${answer} ${times}`).join(', ')}`);
  check('the share of v1, 90 % give or take five standard deviations', v1 > 852 && v1 < 948 ? 'right' : `${v1} of ${REQUESTS}`, 'right');
  check('answers from anybody else', String(REQUESTS - v1 - (counted.get('200 benigno v2') ?? 0)), '0');
  check('x-dev: jason to benigno', await magnanimo(jason), '200 benigno on this laptop');

  say('Ctrl-C for both, and the split is cleared. Nothing is left on either cluster.');
  for (const session of sessions) session.child.kill('SIGINT');
  for (const session of sessions) check('exit code', String(await session.exit), '0');
  await finished(['route', 'clear', 'benigno', '-n', NAMESPACE, '--context', eu.name, '--yes']);
  check('x-dev: jason to benigno', versions(await count(50, () => magnanimo(jason))), 'v1 and v2');
  await checkNothingLeft(cluster, NAMESPACE, before);
  await cluster.close();
  await endServers([mine, hers]);
  await endSandbox(eu);
  await endSandbox(guide);
}

async function count(times: number, request: () => Promise<string>): Promise<ReadonlyMap<string, number>> {
  const counts = new Map<string, number>();
  for (let left = times; left > 0; left -= 1) {
    const answer = await request();
    counts.set(answer, (counts.get(answer) ?? 0) + 1);
  }
  return counts;
}

/** `v1 and v2` when these two answered, and nobody else. */
function versions(counts: ReadonlyMap<string, number>): string {
  return [...counts.keys()]
    .map((answer) => answer.replace('200 benigno ', ''))
    .sort()
    .join(' and ');
}
