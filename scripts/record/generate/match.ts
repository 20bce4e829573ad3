import { HOST_PATTERNS, METHOD_PATTERNS, PATH_PATTERNS, VALUE_PATTERNS } from './patterns.ts';
import type { Random } from './random.ts';
import { type StringMatch, stringMatch } from './string-match.ts';
import { HEADERS, headerName, METHODS, NAMESPACES, OUTSIDE, PATHS, QUERY } from './vocabulary.ts';

/** An HTTPMatchRequest as it is written. */
export interface HttpMatch {
  readonly name?: string;
  readonly uri?: StringMatch;
  readonly ignoreUriCase?: boolean;
  readonly method?: StringMatch;
  readonly scheme?: StringMatch;
  readonly authority?: StringMatch;
  readonly headers?: Readonly<Record<string, StringMatch>>;
  readonly withoutHeaders?: Readonly<Record<string, StringMatch>>;
  readonly queryParams?: Readonly<Record<string, StringMatch>>;
  readonly port?: number;
  readonly sourceLabels?: Readonly<Record<string, string>>;
  readonly sourceNamespace?: string;
  readonly gateways?: readonly string[];
}

export interface MatchSurroundings {
  /** Names of services, as clients may write them. */
  readonly hosts: readonly string[];
  readonly ports: readonly number[];
  /** What `match.gateways` may name. */
  readonly gateways: readonly string[];
}

export function httpMatch(random: Random, around: MatchSurroundings): HttpMatch {
  const when = <T>(probability: number, make: () => T): T | undefined => (random.chance(probability) ? make() : undefined);
  const uri = when(0.6, () => stringMatch(random, PATHS, PATH_PATTERNS));
  const headers = when(0.4, () => named(random, 0.1));
  const withoutHeaders = when(0.13, () => named(random, 0.25));
  const match: { [K in keyof HttpMatch]: HttpMatch[K] | undefined } = {
    name: when(0.06, () => random.pick(['m0', 'm1'])),
    uri,
    ignoreUriCase: uri === undefined ? undefined : when(0.15, () => random.chance(0.9)),
    method: when(0.15, () => stringMatch(random, METHODS, METHOD_PATTERNS)),
    scheme: when(0.04, () => random.pick([{ exact: 'http' }, { exact: 'https' }, { prefix: 'http' }, { regex: 'https?' }])),
    authority: when(0.08, () => stringMatch(random, [...around.hosts, ...OUTSIDE], HOST_PATTERNS)),
    headers,
    withoutHeaders,
    queryParams: when(0.14, () => {
      const name = random.pick(Object.keys(QUERY));
      return { [name]: random.chance(0.1) ? {} : stringMatch(random, QUERY[name] ?? [], VALUE_PATTERNS) };
    }),
    port: when(0.08, () => random.pick([...around.ports, 80, 9080])),
    sourceLabels: when(0.07, () =>
      random.pick<Record<string, string>>([{ app: 'sleep' }, { env: 'dev' }, { app: 'reviews' }, { app: 'sleep', env: 'prod' }]),
    ),
    sourceNamespace: when(0.06, () => random.pick([...NAMESPACES, 'nowhere'])),
    gateways: when(0.05, () => random.some(around.gateways, 1, 2)),
  };
  return Object.fromEntries(Object.entries(match).filter(([, value]) => value !== undefined)) as HttpMatch;
}

function named(random: Random, present: number): Readonly<Record<string, StringMatch>> {
  const count = random.chance(0.25) ? 2 : 1;
  return Object.fromEntries(
    Array.from({ length: count }, () => {
      const name = headerName(random);
      const written = random.chance(0.1) && !name.startsWith(':') ? name.toUpperCase() : name;
      const is = random.chance(present)
        ? random.pick([{}, {}, { regex: '*' }])
        : stringMatch(random, HEADERS[name] ?? ['x'], VALUE_PATTERNS);
      return [written, is];
    }),
  );
}
