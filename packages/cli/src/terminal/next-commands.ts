/** What a command was told of the cluster and the namespace that it is for. */
export interface Place {
  readonly namespace?: string;
  readonly context?: string;
  readonly kubeconfig?: string;
  readonly cluster?: string;
}

/** Makes the commands of heddle's that a text names act where this one does. */
export type PointHere = (text: string) => string;

/** Those that have the flags of a place. */
export const PLACED_COMMANDS: readonly string[] = [
  ...['clean', 'doctor', 'explain', 'lint', 'mesh', 'test'],
  ...['apply', 'clear', 'diff', 'fault', 'list', 'match', 'mirror', 'pin', 'refresh', 'show', 'split'].map((name) => `route ${name}`),
  ...['list', 'recover', 'stop'].map((name) => `sessions ${name}`),
];

const COMMAND = new RegExp(String.raw`\bheddle (?:${PLACED_COMMANDS.join('|')})(?![\w-])`, 'g');
/** Up to where its arguments end at the latest: punctuation, a new line, the end of the text. */
const ARGUMENTS = /^(?:(?![;,:.)](?:\s|$)|[`”\n]).)*/;
/** Behind these a command goes on to the end of its clause; elsewhere the words after it may be those of a sentence. */
const ALONE = /(?:^|\n|: |\b[Rr]un )\s*$/;
const NAMES_CLUSTER = / --(?:context|kubeconfig|cluster)\b/;
const NAMES_NAMESPACE = / (?:-n|--namespace|-A|--all-namespaces)\b/;
const NAMES_FILES = / -f\b/;

/** The flags that name a cluster, with a space before: as they were given, or set as variables, which are not there in another terminal. */
export function clusterFlags(place: Place): string {
  return (['kubeconfig', 'cluster', 'context'] as const)
    .flatMap((name) => (place[name] === undefined ? [] : [` --${name} ${shellWord(place[name])}`]))
    .join('');
}

/** What a command in the text says itself of its cluster, its namespace or its files stays. */
export function pointHere(place: Place): PointHere {
  const cluster = clusterFlags(place);
  const namespace = place.namespace === undefined ? '' : ` -n ${shellWord(place.namespace)}`;
  if (cluster === '' && namespace === '') return (text) => text;
  return (text) => {
    let done = 0;
    const parts: string[] = [];
    for (const { 0: command, index } of text.matchAll(COMMAND)) {
      const end = index + command.length;
      const given = (ARGUMENTS.exec(text.slice(end))?.[0] ?? '').trimEnd();
      if (NAMES_FILES.test(given)) continue;
      const at = ALONE.test(text.slice(0, index)) ? end + given.length : end;
      parts.push(text.slice(done, at), NAMES_NAMESPACE.test(given) ? '' : namespace, NAMES_CLUSTER.test(given) ? '' : cluster);
      done = at;
    }
    return parts.length === 0 ? text : [...parts, text.slice(done)].join('');
  };
}

/** Where results say what to do next. */
const SAYING = new Set(['next', 'fix', 'instead', 'why', 'message', 'stop']);

/** A copy of plain data whose texts that say what to do name commands for here; anything else is as it is. */
export function pointAll<T>(value: T, point: PointHere): T {
  return walk(value, point, false) as T;
}

function walk(value: unknown, point: PointHere, says: boolean): unknown {
  if (typeof value === 'string') return says ? point(value) : value;
  if (Array.isArray(value)) return value.map((item) => walk(item, point, says));
  if (typeof value !== 'object' || value === null || Object.getPrototypeOf(value) !== Object.prototype) return value;
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, walk(item, point, SAYING.has(key))]));
}

const shellWord = (text: string) => (/^[\w.:@/+=-]+$/.test(text) ? text : `'${text.replaceAll("'", "'\\''")}'`);
