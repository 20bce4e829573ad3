import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseGolden } from '@heddle/conformance';
import { load } from 'js-yaml';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { featuresOf, spread } from '../../scripts/record/keep/features.js';
import { GOLDENS, keepCase } from '../../scripts/record/keep/keep-case.js';

describe('a kept case', () => {
  let folder = '';
  let text = '';
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'heddle-keep-'));
    text = await readFile(join(GOLDENS, 'istio-0041.yaml'), 'utf8');
  });
  afterAll(() => rm(folder, { recursive: true, force: true }));
  const recorded = { istio: '1.31', envoy: '1.40.0', heddle: '0.1.0', seed: 7, case: 12 };

  it('gets the next free id and says what answered it, and is otherwise the same case', async () => {
    await writeFile(join(folder, 'istio-h3007.yaml'), '');
    expect(await keepCase(text, { ...recorded, found: 'status: expected 1, got 2' }, folder)).toBe('istio-h3008');
    const kept = await readFile(join(folder, 'istio-h3008.yaml'), 'utf8');
    expect(load(kept)).toMatchObject({ id: 'istio-h3008', recorded: { ...recorded, found: 'status: expected 1, got 2' } });
    expect({ ...parseGolden(kept, 'kept'), id: '' }).toEqual({ ...parseGolden(text, 'given'), id: '' });
  });

  it('that agrees is kept for features that no other shows', async () => {
    const shown = featuresOf(text);
    expect(shown).toContain('VirtualService.http.match.withoutHeaders.*.regex');
    expect(shown).toContain('answer seen');
    const other = text.replace('withoutHeaders:', 'queryParams:');
    expect(spread([text, other, other], shown, 5)).toEqual([other]);
    expect(spread([text, other], new Set(), 1)).toHaveLength(1);
    expect(spread([text], shown, 5)).toEqual([]);
  });
});
