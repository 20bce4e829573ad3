import { setTimeout as sleep } from 'node:timers/promises';
import { metaOf } from '@heddle/core';
import { connectCluster } from '@heddle/kubernetes';
import { checkNothingLeft, meshObjects } from './objects.ts';
import { podLog } from './pod-log.ts';
import { ask, check, endSandbox, environment, finished, say, show, startSandbox } from './stage.ts';

const NAMESPACE = 'bookinfo';
const REQUESTS = 400;
const PERCENT = 25;

/** Standing routes, with no laptop in the mesh: a match and a mirror on one service, listed and taken back. */
export async function bookinfoAct(): Promise<void> {
  say('Without a laptop: Bookinfo, whose reviews run in three versions. Everybody gets v1.');
  const books = await startSandbox(['--scenario', 'bookinfo', '--name', 'books']);
  environment.KUBECONFIG = books.kubeconfig;
  const cluster = await connectCluster({ kubeconfig: books.kubeconfig });
  const before = await meshObjects(cluster, NAMESPACE);
  const reviews = (headers: Record<string, string>) => ask(books.clientUrl, { host: 'reviews:9080', ...headers });
  const answered = (version: string) => `200 {"service":"reviews","version":"${version}"}`;
  const pods = await cluster.list({ group: '', kind: 'Pod', namespace: NAMESPACE, labelSelector: 'app=reviews,version=v3' });
  const copies = async () => (await podLog(books.kubeconfig, NAMESPACE, metaOf(pods[0]).name)).length;
  check('everybody', await reviews({}), answered('v1'));

  say('Jason tries v2, and nobody else does.');
  show(await finished(['route', 'match', 'reviews', '--header', 'end-user=jason', '--to', 'v2', '--yes']));
  check('end-user: jason', await reviews({ 'end-user': 'jason' }), answered('v2'));
  check('everybody else', await reviews({ 'end-user': 'jo' }), answered('v1'));

  say('v3 gets a copy of every fourth request; callers hear nothing of it.');
  show(await finished(['route', 'mirror', 'reviews', '--to', 'v3', '--percent', String(PERCENT), '--yes']));
  const answers = new Set<string>();
  for (let left = REQUESTS; left > 0; left -= 1) answers.add(await reviews({}));
  check(`the answers to ${REQUESTS} requests`, [...answers].join(' and '), answered('v1'));
  await sleep(50);
  const got = await copies();
  show(`copies that v3 got: ${got}`);
  // Five standard deviations: wrong once in two million times.
  const spread = 5 * Math.sqrt(REQUESTS * (PERCENT / 100) * (1 - PERCENT / 100));
  check('as many as there should be', Math.abs(got - (REQUESTS * PERCENT) / 100) < spread ? 'right' : String(got), 'right');
  check('end-user: jason', await reviews({ 'end-user': 'jason' }), answered('v2'));

  say('Both are recorded, and go as they came.');
  show(await finished(['route', 'list']));
  await finished(['route', 'clear', 'reviews', '--yes']);
  check('end-user: jason', await reviews({ 'end-user': 'jason' }), answered('v1'));
  await checkNothingLeft(cluster, NAMESPACE, before);
  await cluster.close();
  await endSandbox(books);
}
