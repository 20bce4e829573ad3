import { type Cluster, type KubeObject, metaOf, refKey, refOf, SESSION_LABEL } from '@heddle/core';
import type { CaseRun, Failures } from './case-run.js';
import { editObjects, freshOf } from './edit-objects.js';
import { withValue } from './pointer.js';
import type { MutateStep } from './step.js';

/** The kit's own mutations, which need nothing of the mesh; see `MutateStep`. */
const MUTATIONS: Readonly<Record<string, (run: CaseRun, cluster: Cluster) => Promise<void>>> = {
  touch: (run, cluster) =>
    forEachWorldObject(run, async (_, live) => {
      if (live === undefined) return;
      const note = `after ${metaOf(live).resourceVersion}`;
      await cluster.replace(withValue(live, '/metadata/annotations/example.com~1note', note) as KubeObject);
    }),
  restore: (run, cluster) =>
    forEachWorldObject(run, async (was, live) => {
      if (live === undefined) await cluster.create(freshOf(was));
      else await cluster.replace({ ...was, metadata: { ...(was.metadata as object), ...identityOf(live) } });
    }),
  recreate: (run, cluster) =>
    forEachWorldObject(run, async (was, live) => {
      const { uid = '', resourceVersion = '' } = metaOf(live);
      if (live !== undefined) await cluster.delete(refOf(live), { uid, resourceVersion });
      await cluster.create(freshOf(was));
    }),
  'no-shadows': async (run, cluster) => {
    for (const object of shadowsOf(run)) {
      const live = await cluster.get(refOf(object));
      const { uid = '', resourceVersion = '' } = metaOf(live);
      if (live !== undefined) await cluster.delete(refOf(object), { uid, resourceVersion });
    }
  },
  shadows: async (run, cluster) => {
    for (const object of shadowsOf(run)) await cluster.create(freshOf(object));
  },
};

export const KIT_MUTATIONS: readonly string[] = Object.keys(MUTATIONS);

export async function runMutate(run: CaseRun, { mutation }: Pick<MutateStep, 'mutation'>): Promise<Failures> {
  const declared = run.test.mutations[mutation];
  const own = MUTATIONS[mutation];
  if (declared !== undefined) await editObjects(run, declared, 'foreign');
  else if (own !== undefined) await own(run, run.connect('colleague'));
  else return [`the world ${run.test.world ?? ''} has no mutation ${mutation}`];
  return [];
}

async function forEachWorldObject(run: CaseRun, work: (was: KubeObject, live: KubeObject | undefined) => Promise<void>): Promise<void> {
  const wanted = new Set(run.test.worldObjects.map((object) => refKey(refOf(object))));
  const cluster = run.connect('colleague');
  for (const was of run.marks.get('start') ?? []) {
    if (wanted.has(refKey(refOf(was)))) await work(was, await cluster.get(refOf(was)));
  }
}

function identityOf(object: KubeObject) {
  const { uid, resourceVersion } = metaOf(object);
  return { uid, resourceVersion };
}

const shadowsOf = (run: CaseRun) => (run.marks.get('start') ?? []).filter((object) => metaOf(object).labels[SESSION_LABEL] !== undefined);
