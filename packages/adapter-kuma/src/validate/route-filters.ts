import { maybeRecord, type Raw, record, records, text, texts } from './raw.js';
import { DESTINATIONS, refFaults } from './refused-refs.js';

const FILTERS: Readonly<Record<string, string>> = {
  RequestHeaderModifier: 'requestHeaderModifier',
  ResponseHeaderModifier: 'responseHeaderModifier',
  RequestRedirect: 'requestRedirect',
  URLRewrite: 'urlRewrite',
  RequestMirror: 'requestMirror',
};
export const HEADER_NAME = /^[a-z0-9!#$%&'*+\-.^_`|~]+$/;
const LABEL = '[a-z0-9]([-a-z0-9]*[a-z0-9])?';
const HOSTNAME = new RegExp(`^${LABEL}(\\.${LABEL})*$`);

interface RuleAround {
  readonly matches: readonly Raw[];
  readonly gateway: boolean;
  /** Of Kuma. */
  readonly major: number;
}

/** Why a rule's filters would not be taken (kuma `meshhttproute/api/v1alpha1/validation.go`, `validateFilters`, and the CRD, 2.14). */
export function filterFaults(filters: readonly Raw[], rule: RuleAround, path: string): readonly string[] {
  return filters.flatMap((filter, n) => {
    const field = FILTERS[text(filter.type)];
    if (field === undefined) return [`${path}[${n}].type: ${text(filter.type)} is none`];
    const at = `${path}[${n}].${field}`;
    const conf = maybeRecord(filter[field]);
    if (conf === undefined) return [`${at}: there must be one`];
    if (field === 'requestMirror') return mirrorFaults(conf, at, rule.major);
    return field.endsWith('HeaderModifier') ? headerFaults(conf, at) : urlFaults(conf, rule, at);
  });
}

function mirrorFaults({ backendRef }: Raw, path: string, major: number): readonly string[] {
  return refFaults(record(backendRef), major >= 3 ? DESTINATIONS : ['MeshService', 'MeshServiceSubset'], `${path}.backendRef`, major);
}

function headerFaults(conf: Raw, path: string): readonly string[] {
  const [changed, removed] = [[...records(conf.set), ...records(conf.add)].map(({ name }) => text(name)), texts(conf.remove)];
  const names = [...changed, ...removed];
  return [
    ...(conf.set === undefined && conf.add === undefined && conf.remove === undefined ? [`${path}: there must be set, add or remove`] : []),
    ...(new Set(names).size === names.length ? [] : [`${path}: several changes of one header`]),
    ...changed.flatMap((name) => (HEADER_NAME.test(name) ? [] : [`${path}: ${name} must be lower case`])),
  ];
}

/** A redirect or a rewrite. */
function urlFaults(conf: Raw, { matches, gateway }: RuleAround, path: string): readonly string[] {
  const { hostname, statusCode, scheme, port } = conf;
  const prefixOnly = matches.every((match) => record(match.path).type === 'PathPrefix');
  const { type, replacePrefixMatch } = record(conf.path);
  return [
    ...(conf.path !== undefined && type !== 'ReplaceFullPath' && type !== 'ReplacePrefixMatch'
      ? [`${path}.path.type: ${text(type)} is none`]
      : []),
    ...(replacePrefixMatch !== undefined && !prefixOnly ? [`${path}.path.replacePrefixMatch: all matches must be of a path prefix`] : []),
    ...(hostname !== undefined && (!HOSTNAME.test(text(hostname)) || /^\d+(\.\d+){3}$/.test(text(hostname)))
      ? [`${path}.hostname: ${text(hostname)} is no name of a host`]
      : []),
    ...(conf.hostToBackendHostname === true && !gateway ? [`${path}.hostToBackendHostname: only with targetRef MeshGateway`] : []),
    ...(statusCode !== undefined && ![301, 302, 303, 307, 308].includes(Number(statusCode))
      ? [`${path}.statusCode: ${String(statusCode)} is none`]
      : []),
    ...(scheme !== undefined && scheme !== 'http' && scheme !== 'https' ? [`${path}.scheme: ${text(scheme)} is none`] : []),
    ...(port !== undefined && !(Number(port) >= 1 && Number(port) <= 65_535) ? [`${path}.port: ${String(port)} is none`] : []),
  ];
}
