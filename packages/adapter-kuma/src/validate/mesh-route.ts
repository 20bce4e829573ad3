import { isProducerItem } from './parse-mesh-route.js';
import { indexed, maybeRecord, type Raw, record, records, text, texts } from './raw.js';
import { filterFaults, HEADER_NAME } from './refused-filters.js';
import { DESTINATIONS, refFaults } from './refused-refs.js';
import type { MeshRoute } from './world-types.js';

const TARGETS = ['Mesh', 'Dataplane', 'MeshSubset', 'MeshService', 'MeshServiceSubset', 'MeshGateway'];
const METHODS = ['CONNECT', 'DELETE', 'GET', 'HEAD', 'OPTIONS', 'PATCH', 'POST', 'PUT', 'TRACE'];
const HEADER_TYPES = ['Exact', 'Present', 'RegularExpression', 'Absent', 'Prefix'];

/**
 * Why the API server or Kuma's webhook would not take a MeshHTTPRoute or MeshTCPRoute; empty when they would (the CRDs, and kuma
 * `meshhttproute/api/v1alpha1/validation.go`, `meshtcproute/api/v1alpha1/validator.go`, `pkg/core/resources/apis/mesh/validators.go`,
 * 2.14 and 3.0).
 */
export function refusedMeshRoute(route: MeshRoute, major: number): readonly string[] {
  const spec = record(route.object.spec);
  const tcp = route.ref.kind === 'MeshTCPRoute';
  const target = maybeRecord(spec.targetRef);
  const targets = major >= 3 ? TARGETS.slice(0, 2) : route.role === 'system' ? TARGETS : TARGETS.slice(0, 5);
  const gateway = target?.kind === 'MeshGateway';
  const produced = route.to.filter(({ targetRef }) => isProducerItem(targetRef, route.namespace, major));
  const mixed = route.role !== 'system' && produced.length > 0 && produced.length < route.to.length;
  return [
    ...(mixed ? ['spec.to: some items are about Services of this namespace, and some are about others'] : []),
    ...(target === undefined ? [] : refFaults(target, targets, 'spec.targetRef', major)),
    ...(target?.sectionName === undefined ? [] : ['spec.targetRef.sectionName: routes are not about single inbounds']),
    ...indexed(spec.to).flatMap(([n, item]) => {
      const path = `spec.to[${n}]`;
      const rules = indexed(item.rules);
      return [
        ...refFaults(record(item.targetRef), gateway ? ['Mesh'] : DESTINATIONS, `${path}.targetRef`, major),
        ...(tcp && rules.length > 1 ? [`${path}.rules: there can be one only`] : []),
        ...rules.flatMap(([m, rule]) =>
          tcp ? tcpFaults(rule, `${path}.rules[${m}]`, major) : httpFaults(rule, `${path}.rules[${m}]`, { gateway, major }),
        ),
        ...(texts(item.hostnames).length > 0 && !gateway ? [`${path}.hostnames: only with targetRef MeshGateway`] : []),
      ];
    }),
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

function httpFaults(rule: Raw, path: string, { gateway, major }: { gateway: boolean; major: number }): readonly string[] {
  const matches = records(rule.matches);
  const conf = record(rule.default);
  return [
    ...(matches.length === 0 ? [`${path}.matches: there must be at least one`] : []),
    ...matches.flatMap((match, n) => matchFaults(match, `${path}.matches[${n}]`)),
    ...filterFaults(records(conf.filters), { matches, gateway, major }, `${path}.default.filters`),
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
      ...(HEADER_TYPES.includes(text(is)) ? [] : [`${path}.headers[${n}].type: ${text(is)} is none`]),
      ...((is === 'Present' || is === 'Absent') && text(of) !== '' ? [`${path}.headers[${n}].value: not with type ${is}`] : []),
    ]),
    ...records(match.queryParams).flatMap(({ type: is, name }, n) => [
      ...(is === 'Exact' || is === 'RegularExpression' ? [] : [`${path}.queryParams[${n}].type: ${text(is)} is none`]),
      ...(text(name) === '' ? [`${path}.queryParams[${n}].name: there must be one`] : []),
    ]),
    ...(new Set(names).size === names.length ? [] : [`${path}.queryParams: several entries of one name`]),
  ];
}
