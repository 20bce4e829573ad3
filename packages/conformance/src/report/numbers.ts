import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { MeshAdapter } from '@heddle/core';
import { load } from 'js-yaml';
import { list, map, maybe, number, text } from '../cases/shape.js';
import { kitFile } from '../stage/kit-files.js';
import { reasons } from '../stage/load-stage.js';
import { caseName, type ReportedCase, type ReportedNumber } from './report.js';

export interface NumberedCase {
  readonly number: number;
  readonly title: string;
  /** Id of the adapter whose mesh alone has it. */
  readonly mesh?: string;
}

export async function loadNumbers(): Promise<readonly NumberedCase[]> {
  return list(load(await readFile(kitFile('numbers.yaml'), 'utf8')), 'numbers.yaml').map((one, index) => {
    const path = `numbers.yaml[${index}]`;
    const raw = map(one, path, ['number', 'title', 'mesh']);
    return { number: number(raw.number, `${path}.number`), title: text(raw.title, `${path}.title`), ...maybe(raw, 'mesh', text, path) };
  });
}

/**
 * Each numbered case with what covers it, or why nothing does: in the package's `conformance/numbers.yaml`, by number. `narrowed`: not all
 * cases were run, so only numbers of those that were.
 */
export async function numbersOf(
  adapter: MeshAdapter,
  packageDir: string,
  cases: readonly ReportedCase[],
  narrowed: boolean,
): Promise<readonly ReportedNumber[]> {
  const own = await ownReasons(packageDir);
  const isMeant = ({ number: wanted }: NumberedCase) => !narrowed || cases.some((one) => one.number === wanted);
  return (await loadNumbers()).filter(isMeant).map(({ number: wanted, title, mesh }) => {
    const covering = cases.filter((one) => one.number === wanted);
    const head = { number: wanted, title, cases: [...new Set(covering.map(caseName))] };
    const outcomes = new Set(covering.map(({ outcome }) => outcome));
    if (outcomes.has('fail')) return { ...head, status: 'fail' };
    if (outcomes.has('pass')) return { ...head, status: 'pass' };
    const why = [...new Set(covering.map(({ capability, reason }) => capability ?? reason ?? ''))].join(', ');
    if (outcomes.has('skip')) return { ...head, status: 'skip', why };
    const reason = own[String(wanted)];
    if (reason !== undefined) return { ...head, status: 'reason', why: reason };
    if (mesh !== undefined && mesh !== adapter.id) return { ...head, status: 'elsewhere', why: `it belongs to the mesh ${mesh}` };
    return { ...head, status: 'none' };
  });
}

async function ownReasons(packageDir: string): Promise<Readonly<Record<string, string>>> {
  const file = join(packageDir, 'conformance', 'numbers.yaml');
  const content = await readFile(file, 'utf8').catch((error: unknown) => {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return undefined;
    throw error;
  });
  return content === undefined ? {} : reasons(load(content), 'numbers.yaml');
}
