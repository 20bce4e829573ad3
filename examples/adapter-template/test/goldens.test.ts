import { fileURLToPath } from 'node:url';
import { loadGoldens, runGolden } from '@heddle/conformance';
import { describe, expect, it } from 'vitest';
import { adapter } from '../src/index.js';

const folder = fileURLToPath(new URL('goldens', import.meta.url));
const goldens = await loadGoldens(folder);

/** What Istio and its Envoy answered, recorded: routes for a Service, and nothing here was worked out by hand. */
describe('recorded answers', () => {
  it('are there', () => expect(goldens.length).toBeGreaterThan(30));

  it.each(goldens.map((golden) => [`${golden.id}: ${golden.title}`, golden] as const))('%s', (_, golden) => {
    const results = runGolden(golden, adapter, { details: ['seen', 'body', 'protocol'] });
    expect(results.filter(({ result }) => result !== 'right')).toEqual([]);
  });
});
