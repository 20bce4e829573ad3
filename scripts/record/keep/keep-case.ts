import { readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { isRecord } from '@heddle/core';
import { dump, load } from 'js-yaml';

/** Where the recorded cases of the mesh are. */
export const GOLDENS = fileURLToPath(new URL('../../../packages/conformance/goldens/istio', import.meta.url));

const KEPT = /^istio-h3(\d{3})\.yaml$/;

/** How a kept case came about. */
export interface Recorded {
  readonly istio: string;
  readonly envoy: string;
  readonly heddle: string;
  readonly seed: number;
  readonly case: number;
  /** The difference that it showed; absent: none, it is kept for what it covers. */
  readonly found?: string;
}

/** Writes an answered case among the recorded ones, under the next free id; returns the id. */
export async function keepCase(text: string, recorded: Recorded, folder = GOLDENS): Promise<string> {
  const raw = load(text);
  if (!isRecord(raw)) throw new TypeError('an answered case is a mapping');
  const id = await nextId(folder);
  const { id: _, title, mesh, ...rest } = raw;
  const kept = { id, title, mesh, recorded, ...rest };
  await writeFile(join(folder, `${id}.yaml`), dump(kept, { lineWidth: 240, noRefs: true, flowLevel: 5 }));
  return id;
}

/** The texts of kept cases, to know what they show already. */
export async function keptTexts(folder = GOLDENS): Promise<readonly string[]> {
  const names = (await readdir(folder)).filter((name) => KEPT.test(name)).sort();
  return Promise.all(names.map((name) => readFile(join(folder, name), 'utf8')));
}

async function nextId(folder: string): Promise<string> {
  const taken = (await readdir(folder)).flatMap((name) => KEPT.exec(name)?.[1] ?? []).map(Number);
  return `istio-h3${String(Math.max(-1, ...taken) + 1).padStart(3, '0')}`;
}
