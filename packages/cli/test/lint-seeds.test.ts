import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { expectShape } from './support/schemas.js';
import { heddle } from './support/spawn-heddle.js';

const SEEDS = fileURLToPath(new URL('../../../test/lint-seeds', import.meta.url));

interface Finding {
  readonly code: string;
  readonly severity: string;
  readonly ref: { readonly kind: string; readonly name: string };
  readonly place: { readonly file: string; readonly line: number };
  readonly fix: string;
}

let home: string;
beforeAll(() => {
  home = mkdtempSync(join(tmpdir(), 'heddle-lint-'));
});
afterAll(() => rmSync(home, { recursive: true, force: true }));

/** What the articles' readers would have applied: what is wrong with each, as its README lists. */
it.each<[string, readonly string[]]>([
  [
    'bookinfo-route-rules',
    [
      'error legacy-ignored RouteRule productpage-default all-v1.yaml:1',
      'error legacy-ignored RouteRule reviews-default all-v1.yaml:14',
      'error legacy-ignored RouteRule ratings-default all-v1.yaml:27',
      'error legacy-ignored RouteRule details-default all-v1.yaml:40',
      'error legacy-ignored RouteRule ratings-test-delay ratings-delay.yaml:1',
      'error legacy-ignored RouteRule reviews-test-v2 reviews-jason.yaml:1',
    ],
  ],
  ['tomcat', ['warning virtual-service-unseen VirtualService tomcat routing.yaml:37']],
  [
    'flaskapp',
    [
      'error subset-empty VirtualService flaskapp routing.yaml:32',
      'warning workloads-alike Deployment flaskapp-v2 flaskapp.yaml:57',
      'info port-protocol-unknown Service sleep sleep.yaml:10',
    ],
  ],
  [
    'benigno',
    [
      'error injection-annotation Namespace kong-mesh-app applications.yaml:6',
      'error kind-removed Ingress magnanimo ingress.yaml:1',
      'error tag-backslash TrafficRoute route-benigno routing.yaml:15',
      'error no-traffic-route TrafficRoute route-benigno routing.yaml:16',
      'error tag-backslash TrafficRoute route-benigno routing.yaml:18',
      'error tag-backslash TrafficRoute route-benigno routing.yaml:23',
      'error tag-backslash TrafficRoute route-benigno routing.yaml:27',
      'warning traffic-route-namespace TrafficRoute route-benigno routing.yaml:11',
      'warning no-traffic-route TrafficRoute route-benigno routing.yaml:13',
      'warning protocol-unset Service magnanimo applications.yaml:17',
      'warning protocol-unset Service benigno applications.yaml:51',
    ],
  ],
])('says what is wrong with %s', async (seed, expected) => {
  const { code, stdout, stderr } = await heddle(['lint', '-f', join(SEEDS, seed), '-o', 'json'], { HOME: home });
  expect({ code, stderr }).toEqual({ code: 6, stderr: '' });
  const report: unknown = JSON.parse(stdout);
  expectShape('lint', report);
  const { findings } = report as { readonly findings: readonly Finding[] };
  const shown = findings.map(
    ({ severity, code: of, ref, place }) => `${severity} ${of} ${ref.kind} ${ref.name} ${place.file.split('/').at(-1)}:${place.line}`,
  );
  expect(shown).toEqual(expected);
  for (const { fix } of findings) expect(fix).not.toBe('');
});

it('looks at every mesh in one folder', async () => {
  const { stdout } = await heddle(['lint', '-f', join(SEEDS, 'benigno'), '-f', join(SEEDS, 'tomcat'), '-o', 'json'], { HOME: home });
  const { meshes, findings } = JSON.parse(stdout) as { meshes: readonly { id: string }[]; findings: readonly Finding[] };
  expect(meshes.map(({ id }) => id).sort()).toEqual(['istio', 'kuma']);
  expect(findings.map(({ code }) => code)).toEqual(expect.arrayContaining(['no-traffic-route', 'virtual-service-unseen']));
});
