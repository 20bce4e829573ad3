import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type Client, inputError, isRecord, type RecordedAnswer } from '@heddle/core';
import { load, loadAll } from 'js-yaml';
import type { Golden, GoldenRequest } from './golden.js';

/**
 * Reads all `*.yaml` files of a folder, in order of name. Throws a usage error `bad-golden` that names the file and what was
 * expected there.
 */
export async function loadGoldens(folder: string): Promise<readonly Golden[]> {
  const names = (await readdir(folder)).filter((name) => name.endsWith('.yaml')).sort();
  return Promise.all(names.map(async (name) => parseGolden(await readFile(join(folder, name), 'utf8'), name)));
}

/** Parses one case; `file` is named in errors. Objects that were refused are among the others. */
export function parseGolden(text: string, file: string): Golden {
  const raw = load(text);
  if (!isRecord(raw) || typeof raw.id !== 'string' || typeof raw.objects !== 'string' || !Array.isArray(raw.requests)) {
    throw inputError('bad-golden', { path: file, expected: 'a case with id, objects, client and requests', received: 'something else' });
  }
  const rejected = (Array.isArray(raw.rejected) ? raw.rejected : []).filter(isRecord);
  return {
    id: raw.id,
    title: typeof raw.title === 'string' ? raw.title : raw.id,
    mesh: typeof raw.mesh === 'string' ? raw.mesh : '',
    objects: loadAll(raw.objects).filter(isRecord),
    rejected: rejected.map(({ object }) => String(object)),
    client: parseClient(raw.client, file),
    requests: raw.requests.filter(isRecord).map((request) => parseRequestOf(request, file)),
  };
}

function parseClient(raw: unknown, file: string): Client {
  if (isRecord(raw) && (raw.kind === 'sidecar' || raw.kind === 'gateway') && typeof raw.namespace === 'string') {
    const labels = Object.entries(isRecord(raw.labels) ? raw.labels : {}).map(([key, value]) => [key, String(value)]);
    return { kind: raw.kind, namespace: raw.namespace, labels: Object.fromEntries(labels) };
  }
  if (isRecord(raw) && raw.kind === 'none') return { kind: 'none' };
  throw inputError('bad-golden', { path: `${file}: client`, expected: 'kind sidecar, gateway or none', received: JSON.stringify(raw) });
}

function parseRequestOf(raw: Record<string, unknown>, file: string): GoldenRequest {
  if (typeof raw.url !== 'string' || !isRecord(raw.observed)) {
    throw inputError('bad-golden', { path: `${file}: requests`, expected: 'url and observed', received: JSON.stringify(Object.keys(raw)) });
  }
  const headers = (Array.isArray(raw.headers) ? raw.headers : []).filter(Array.isArray);
  return {
    method: typeof raw.method === 'string' ? raw.method : 'GET',
    url: raw.url,
    headers: headers.map(([name, value]): readonly [string, string] => [String(name), value == null ? '' : String(value)]),
    observed: raw.observed as unknown as RecordedAnswer,
    ...(isRecord(raw.observedOlderEnvoy) ? { observedOlderEnvoy: raw.observedOlderEnvoy as unknown as RecordedAnswer } : {}),
  };
}
