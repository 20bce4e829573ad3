import { indexed, maybeRecord, maybeText, type Raw, record, records, text } from './raw.js';
import type { MeshRoute } from './world-types.js';

const TARGETS = ['Mesh', 'Dataplane', 'MeshSubset', 'MeshService', 'MeshServiceSubset', 'MeshGateway'];
const DESTINATIONS = ['MeshService', 'MeshExternalService', 'MeshMultiZoneService'];
const METHODS = ['CONNECT', 'DELETE', 'GET', 'HEAD', 'OPTIONS', 'PATCH', 'POST', 'PUT', 'TRACE'];
const HEADER_NAME = /^[a-z0-9!#$%&'*+\-.^_`|~]+$/;

/**
 * Why the API server or Kuma's webhook would not take a MeshHTTPRoute or MeshTCPRoute; empty when they would (the CRDs, and kuma
 * `meshhttproute/api/v1alpha1/validation.go`, `meshtcproute/api/v1alpha1/validator.go`, `pkg/core/resources/apis/mesh/validators.go`,
 * 2.14 and 3.0).
 */
export function refusedMeshRoute(route: Pick<MeshRoute, 'object' | 'ref' | 'role'>, major: number): readonly string[] {
  const spec = record(route.object.spec);
  const tcp = route.ref.kind === 'MeshTCPRoute';
  const target = maybeRecord(spec.targetRef);
  const targets = major >= 3 ? TARGETS.slice(0, 2) : route.role === 'system' ? TARGETS : TARGETS.slice(0, 5);
  const gateway = target?.kind === 'MeshGateway';
  return [
    ...(target === undefined ? [] : refFaults(target, targets, 'spec.targetRef', major)),
    ...(target?.sectionName === undefined ? [] : ['spec.targetRef.sectionName: routes are not about single inbounds']),
    ...indexed(spec.to).flatMap(([n, item]) => {
      const path = `spec.to[${n}]`;
      const rules = indexed(item.rules);
      return [
        ...refFaults(record(item.targetRef), gateway ? ['Mesh'] : DESTINATIONS, `${path}.targetRef`, major),
        ...(tcp && rules.length > 1 ? [`${path}.rules: there can be one only`] : []),
        ...rules.flatMap(([m, rule]) =>
          tcp ? tcpFaults(rule, `${path}.rules[${m}]`, major) : httpFaults(rule, `${path}.rules[${m}]`, major),
        ),
      ];
    }),
  ];
}

function refFaults(ref: Raw, kinds: readonly string[], path: string, major: number): readonly string[] {
  const kind = text(ref.kind);
  if (!kinds.includes(kind))
    return [`${path}.kind: ${kind === '' ? 'there must be one' : `${kind} is not supported`} (${kinds.join(', ')})`];
  const labels = Object.keys(record(ref.labels)).length > 0;
  const name = maybeText(ref.name) !== undefined;
  const named = DESTINATIONS.includes(kind);
  return [
    ...(labels && (name || maybeText(ref.namespace) !== undefined) && (named || kind === 'Dataplane')
      ? [`${path}: there must be either labels or a name, not both`]
      : []),
    ...(named && !labels && !name ? [`${path}: there must be a name or labels`] : []),
    ...(named && major >= 3 && name ? [`${path}.name: Kuma 3 selects by labels only`] : []),
    ...(kind === 'MeshServiceSubset' && !name ? [`${path}.name: there must be one`] : []),
    ...(Object.keys(record(ref.tags)).length > 0 && !['MeshSubset', 'MeshServiceSubset', 'MeshGateway'].includes(kind)
      ? [`${path}.tags: not with kind ${kind}`]
      : []),
    ...(name && !/^[0-9a-z.\-_/]*$/.test(text(ref.name)) ? [`${path}.name: ${text(ref.name)} holds characters that no name has`] : []),
  ];
}

function backendFaults(conf: Raw, path: string, major: number): readonly string[] {
  const kinds = major >= 3 ? DESTINATIONS : [...DESTINATIONS, 'MeshServiceSubset'];
  return indexed(conf.backendRefs).flatMap(([n, ref]) => {
    const at = `${path}.default.backendRefs[${n}]`;
    const noPort = ref.kind === 'MeshMultiZoneService' && ref.port === undefined;
    return [...refFaults(ref, kinds, at, major), ...(noPort ? [`${at}.port: there must be one`] : [])];
  });
}

function tcpFaults(rule: Raw, path: string, major: number): readonly string[] {
  const conf = record(rule.default);
  const none = indexed(conf.backendRefs).length === 0 ? [`${path}.default.backendRefs: there must be at least one`] : [];
  return [...none, ...backendFaults(conf, path, major)];
}

function httpFaults(rule: Raw, path: string, major: number): readonly string[] {
  const matches = records(rule.matches);
  const conf = record(rule.default);
  return [
    ...(matches.length === 0 ? [`${path}.matches: there must be at least one`] : []),
    ...matches.flatMap((match, n) => matchFaults(match, `${path}.matches[${n}]`)),
    ...filterFaults(records(conf.filters), matches, `${path}.default.filters`),
    ...backendFaults(conf, path, major),
  ];
}

function matchFaults(match: Raw, path: string): readonly string[] {
  const { type, value: written } = record(match.path);
  const value = text(written);
  const names = records(match.queryParams).map(({ name }) => text(name));
  return [
    ...(match.path !== undefined && !['Exact', 'PathPrefix', 'RegularExpression'].includes(text(type))
      ? [`${path}.path.type: ${text(type)} is none`]
      : []),
    ...(match.path !== undefined && value === '' ? [`${path}.path.value: there must be one`] : []),
    ...(type === 'PathPrefix' && value.length > 1 && value.endsWith('/') ? [`${path}.path.value: no slash at the end`] : []),
    ...(type !== 'RegularExpression' && value !== '' && !value.startsWith('/') ? [`${path}.path.value: it must begin with a slash`] : []),
    ...(match.method !== undefined && !METHODS.includes(text(match.method)) ? [`${path}.method: ${text(match.method)} is none`] : []),
    ...records(match.headers).flatMap(({ type: is = 'Exact', name, value: of }, n) => [
      ...(HEADER_NAME.test(text(name)) ? [] : [`${path}.headers[${n}].name: ${text(name)} must be lower case`]),
      ...((is === 'Present' || is === 'Absent') && text(of) !== '' ? [`${path}.headers[${n}].value: not with type ${is}`] : []),
    ]),
    ...(new Set(names).size === names.length ? [] : [`${path}.queryParams: several entries of one name`]),
  ];
}

function filterFaults(filters: readonly Raw[], matches: readonly Raw[], path: string): readonly string[] {
  const prefixOnly = matches.every((match) => record(match.path).type === 'PathPrefix');
  return filters.flatMap((filter, n) => {
    const field = FILTERS[text(filter.type)];
    if (field === undefined) return [`${path}[${n}].type: ${text(filter.type)} is none`];
    const conf = maybeRecord(filter[field]);
    if (conf === undefined) return [`${path}[${n}].${field}: there must be one`];
    const replaces = record(conf.path).replacePrefixMatch !== undefined;
    return replaces && !prefixOnly ? [`${path}[${n}].${field}.path.replacePrefixMatch: all matches must be of a path prefix`] : [];
  });
}

const FILTERS: Readonly<Record<string, string>> = {
  RequestHeaderModifier: 'requestHeaderModifier',
  ResponseHeaderModifier: 'responseHeaderModifier',
  RequestRedirect: 'requestRedirect',
  URLRewrite: 'urlRewrite',
  RequestMirror: 'requestMirror',
};
