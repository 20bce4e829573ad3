import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { runCommand } from './support/run-command.js';
import { expectShape } from './support/schemas.js';
import { type ShopFiles, shopFiles } from './support/shop-files.js';

let files: ShopFiles;
beforeAll(() => {
  files = shopFiles();
});
afterAll(() => files.remove());

const show = (...line: string[]) => runCommand(['route', 'show', 'reviews', ...files.shop, ...line]);

describe('route show -f', () => {
  it('shows versions with their pods, rules with their places, problems and what was assumed', async () => {
    const { stdout, stderr, code } = await show('-f', files.file('gateway.yaml'));
    expect({ stderr, code }).toEqual({ stderr: '', code: 0 });
    const text = stdout.replaceAll(files.path, '');
    expect(text).toMatch(
      /^shop\/reviews:9080 on Istio\nVersions: v1 \(2 ready pods with version=v1\), v2 \(1 ready pod with version=v2\), v3 \(no ready pod with version=v3\)\n/,
    );
    expect(text).toMatch(/VirtualService shop\/reviews jason\s+\(\/routes\.yaml:17\)/);
    expect(text).toMatch(/Gateway in istio-system \(istio=ingressgateway\), port 80: shop\.example\.com\n/);
    expect(text).toMatch(/\nProblem: \/routes\.yaml:\d+: VirtualService shop\/reviews: subset v3 of .* has no ready Pod/);
    expect(text).toContain('\nNote: Ready pods are assumed for Deployment shop/reviews-v1 (2), ');
    expect(text).toContain('\nNote: No proxy of the gateways is in the files: it is assumed (istio-system/ingressgateway-assumed).\n');
  });

  it('has the shape that is published', async () => {
    const { stdout } = await show('-o', 'json');
    const value = JSON.parse(stdout) as object;
    expectShape('route-show', value);
    expect(value).toMatchObject({
      versions: [
        { id: 'v1', realise: 'subset', labels: { version: 'v1' }, pods: 2 },
        { id: 'v2', pods: 1 },
        { id: 'v3', pods: 0 },
      ],
      problems: [{ code: 'destination-empty', place: expect.stringMatching(/routes\.yaml:\d+$/) }],
      notes: [expect.stringContaining('Ready pods are assumed')],
    });
  });
});
