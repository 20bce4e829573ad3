import type { ServerResponse } from 'node:http';
import { type Handler, json, status } from './api-server.js';

interface Stored {
  readonly metadata: { readonly name: string; readonly namespace: string; readonly uid: string; readonly resourceVersion: string };
  readonly data: string;
}

interface Change {
  readonly type: 'ADDED' | 'MODIFIED' | 'DELETED';
  readonly version: number;
  readonly object: Stored;
}

/** ConfigMaps of namespace `n` with their history, served as an API server does: list, watch from a version, 410, bookmarks. */
export interface Collection {
  readonly handler: Handler;
  /** The versions from which a watch was asked for, in order. */
  readonly watched: string[];
  lists(): number;
  open(): number;
  /** Fails the next requests of a kind with a status, so many times. */
  fail(what: 'list' | 'watch', code: number, times: number): void;
  put(name: string, data: string): void;
  remove(name: string): void;
  /** Forgets the history: watches from before it are answered with 410. */
  compact(as?: 'status' | 'event'): void;
  bookmark(): void;
  /** Sends these bytes as they are to every open watch. */
  raw(bytes: string | Buffer): void;
  /** Ends every open watch: in order, or by breaking the connection. */
  cut(how: 'end' | 'break'): void;
  state(): Readonly<Record<string, string>>;
  /** How a line is cut into chunks; whole by default. */
  chunking: (line: Buffer) => readonly Buffer[];
}

export function createCollection(): Collection {
  const objects = new Map<string, Stored>();
  const open = new Set<{ response: ServerResponse }>();
  const watched: string[] = [];
  const failures: { what: string; code: number; times: number }[] = [];
  let history: Change[] = [];
  let version = 10;
  let oldest = 0;
  let lists = 0;
  let goneAs: 'status' | 'event' = 'status';

  const line = (type: string, object: unknown) => Buffer.from(`${JSON.stringify({ type, object })}\n`);
  const typed = (object: Stored) => ({ kind: 'ConfigMap', apiVersion: 'v1', ...object });

  function write(response: ServerResponse, bytes: Buffer): void {
    for (const part of collection.chunking(bytes)) response.write(part);
  }

  function change(type: Change['type'], object: Stored): void {
    history.push({ type, version, object });
    for (const { response } of open) write(response, line(type, typed(object)));
  }

  const collection: Collection = {
    watched,
    lists: () => lists,
    open: () => open.size,
    chunking: (whole) => [whole],
    fail: (what, code, times) => void failures.push({ what, code, times }),
    put(name, data) {
      version += 1;
      const before = objects.get(name);
      const uid = before?.metadata.uid ?? `uid-${version}`;
      const object = { metadata: { name, namespace: 'n', uid, resourceVersion: String(version) }, data };
      objects.set(name, object);
      change(before === undefined ? 'ADDED' : 'MODIFIED', object);
    },
    remove(name) {
      const before = objects.get(name);
      if (before === undefined) return;
      version += 1;
      objects.delete(name);
      change('DELETED', { ...before, metadata: { ...before.metadata, resourceVersion: String(version) } });
    },
    compact(as = 'status') {
      goneAs = as;
      version += 1;
      oldest = version;
      history = [];
    },
    bookmark() {
      version += 1;
      for (const { response } of open)
        write(response, line('BOOKMARK', { kind: 'ConfigMap', metadata: { resourceVersion: String(version) } }));
    },
    raw(bytes) {
      for (const { response } of open) response.write(bytes);
    },
    cut(how) {
      for (const { response } of open) how === 'end' ? response.end() : response.destroy();
      open.clear();
    },
    state: () => Object.fromEntries([...objects].map(([name, { data }]) => [name, data])),
    handler({ path, query }, response) {
      if (path !== '/api/v1/namespaces/n/configmaps') return false;
      const what = query.has('watch') ? 'watch' : 'list';
      const failure = failures.find((one) => one.what === what && one.times > 0);
      if (what === 'list') lists += 1;
      else watched.push(query.get('resourceVersion') ?? '');
      if (failure !== undefined) {
        failure.times -= 1;
        return status(response, failure.code, '', 'as you wish');
      }
      if (what === 'list') return json(response, 200, { items: [...objects.values()], metadata: { resourceVersion: String(version) } });
      const from = Number(query.get('resourceVersion'));
      if (from < oldest && goneAs === 'status') return status(response, 410, 'Expired', 'too old resource version');
      response.writeHead(200, { 'Content-Type': 'application/json' });
      response.flushHeaders();
      if (from < oldest) return response.end(line('ERROR', { kind: 'Status', code: 410, reason: 'Expired', message: 'too old' }));
      const entry = { response };
      open.add(entry);
      response.on('close', () => open.delete(entry));
      for (const past of history.filter((one) => one.version > from)) write(response, line(past.type, typed(past.object)));
    },
  };
  return collection;
}
