import { fileURLToPath } from 'node:url';
import { adapter as istio } from '@heddle/adapter-istio';
import { adapter as kuma } from '@heddle/adapter-kuma';
import { expect, test } from 'vitest';
import { loadGoldens } from '../src/goldens/index.js';
import { type ConvertedMesh, convertGolden, emptyTally, type Tally } from './support/convert-goldens.js';

const goldens = (mesh: string) => loadGoldens(fileURLToPath(new URL(`../goldens/${mesh}`, import.meta.url)));

const ISTIO: ConvertedMesh = {
  adapter: istio,
  env: { served: { VirtualService: 'networking.istio.io/v1', DestinationRule: 'networking.istio.io/v1' }, settings: {} },
};
const KUMA: ConvertedMesh = { adapter: kuma, env: { served: {}, settings: {} } };
const TRAFFIC_ROUTES: ConvertedMesh = { adapter: kuma, env: { served: {}, version: '2.14.3', settings: { routing: 'TrafficRoute' } } };

/** `HEDDLE_COUNTS=1 npx vitest run packages/conformance/test/goldens-convert.test.ts` prints how the requests fare. */
const counts = (mesh: string, { env }: ConvertedMesh, steps: Readonly<Record<string, Tally>>): string =>
  Object.entries(steps)
    .map(([step, { same, lost, mesh: meshes, hidden, codes }]) => {
      const settings = Object.values(env.settings).join(' ');
      return `${mesh} goldens ${settings} ${step}: ${same} the same, ${lost} lost, ${meshes} as the meshes are, ${hidden.length} unsaid; losses ${JSON.stringify(codes)}`;
    })
    .join('\n');

test.each<[string, ConvertedMesh, ConvertedMesh]>([
  ['kuma', KUMA, ISTIO],
  ['istio', ISTIO, KUMA],
  ['istio', ISTIO, TRAFFIC_ROUTES],
])('%s goldens there and back: whatever differs for a recorded request is listed', { timeout: 600_000 }, async (mesh, source, target) => {
  const [there, back] = [emptyTally(), emptyTally()];
  for (const golden of await goldens(mesh)) convertGolden(golden, source, target, there, back);
  if (process.env.HEDDLE_COUNTS !== undefined) console.log(counts(mesh, target, { there, back }));
  expect([there.hidden, back.hidden]).toEqual([[], []]);
  // Every loss has words of its own.
  expect([there.codes.differs, back.codes.differs]).toEqual([undefined, undefined]);
  expect(there.same).toBeGreaterThan(0);
});
