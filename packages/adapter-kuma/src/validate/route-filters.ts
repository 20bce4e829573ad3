import { type FieldFault, fieldFault } from '@heddle/core';
import { maybeRecord, type Raw, record, records, text, texts } from '../decode/raw.js';
import { DESTINATIONS, refFaults } from './references.js';
import { HEADER_NAME, isHostname } from './values.js';

const FILTERS: ReadonlyMap<unknown, string> = new Map([
  ['RequestHeaderModifier', 'requestHeaderModifier'],
  ['ResponseHeaderModifier', 'responseHeaderModifier'],
  ['RequestRedirect', 'requestRedirect'],
  ['URLRewrite', 'urlRewrite'],
  ['RequestMirror', 'requestMirror'],
]);

interface RuleAround {
  readonly matches: readonly Raw[];
  readonly gateway: boolean;
  /** Of Kuma. */
  readonly major: number;
}

/** Why a rule's filters would not be taken (kuma `meshhttproute/api/v1alpha1/validation.go`, `validateFilters`, and the CRD, 2.14). */
export function filterFaults(filters: readonly Raw[], rule: RuleAround, pointer: string): readonly FieldFault[] {
  return filters.flatMap((filter, n) => {
    const field = FILTERS.get(filter.type);
    if (field === undefined)
      return [
        fieldFault(`${pointer}/${n}/type`, `${text(filter.type) || 'nothing'} is no type of filter: ${[...FILTERS.keys()].join(', ')}`),
      ];
    const at = `${pointer}/${n}/${field}`;
    const conf = maybeRecord(filter[field]);
    if (conf === undefined) return [fieldFault(`${at}`, 'there must be one')];
    if (field === 'requestMirror') return mirrorFaults(conf, at, rule.major);
    return field.endsWith('HeaderModifier') ? headerFaults(conf, at) : urlFaults(conf, rule, at);
  });
}

function mirrorFaults({ backendRef }: Raw, pointer: string, major: number): readonly FieldFault[] {
  return refFaults(record(backendRef), major >= 3 ? DESTINATIONS : ['MeshService', 'MeshServiceSubset'], `${pointer}/backendRef`, major);
}

function headerFaults(conf: Raw, pointer: string): readonly FieldFault[] {
  const [changed, removed] = [[...records(conf.set), ...records(conf.add)].map(({ name }) => text(name)), texts(conf.remove)];
  const names = [...changed, ...removed];
  return [
    ...(conf.set === undefined && conf.add === undefined && conf.remove === undefined
      ? [fieldFault(pointer, 'there must be set, add or remove')]
      : []),
    ...(new Set(names).size === names.length ? [] : [fieldFault(pointer, 'several changes of one header')]),
    ...changed.flatMap((name) => (HEADER_NAME.test(name) ? [] : [fieldFault(pointer, `${name} must be lower case`)])),
  ];
}

/** A redirect or a rewrite. */
function urlFaults(conf: Raw, { matches, gateway }: RuleAround, pointer: string): readonly FieldFault[] {
  const { hostname, statusCode, scheme, port } = conf;
  const prefixOnly = matches.every((match) => record(match.path).type === 'PathPrefix');
  const { type, replacePrefixMatch } = record(conf.path);
  return [
    ...(conf.path !== undefined && type !== 'ReplaceFullPath' && type !== 'ReplacePrefixMatch'
      ? [fieldFault(`${pointer}/path/type`, `${text(type) || 'nothing'} is no type of path: ReplaceFullPath or ReplacePrefixMatch`)]
      : []),
    ...(replacePrefixMatch !== undefined && !prefixOnly
      ? [fieldFault(`${pointer}/path/replacePrefixMatch`, 'all matches must be of a path prefix')]
      : []),
    ...(hostname !== undefined && !isHostname(text(hostname))
      ? [fieldFault(`${pointer}/hostname`, `${text(hostname)} is no name of a host`)]
      : []),
    ...(conf.hostToBackendHostname === true && !gateway
      ? [fieldFault(`${pointer}/hostToBackendHostname`, 'only with targetRef MeshGateway')]
      : []),
    ...(statusCode !== undefined && ![301, 302, 303, 307, 308].includes(Number(statusCode))
      ? [fieldFault(`${pointer}/statusCode`, `${String(statusCode)} is no code of a redirect: 301, 302, 303, 307 or 308`)]
      : []),
    ...(scheme !== undefined && scheme !== 'http' && scheme !== 'https'
      ? [fieldFault(`${pointer}/scheme`, `${text(scheme)} is no scheme: http or https`)]
      : []),
    ...(port !== undefined && !(Number(port) >= 1 && Number(port) <= 65_535)
      ? [fieldFault(`${pointer}/port`, `${String(port)} is no port`)]
      : []),
  ];
}
