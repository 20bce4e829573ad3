import { type FieldFault, fieldFault } from '@heddle/core';
import { isProducerItem } from '../decode/parse-mesh-route.js';
import { indexed, maybeRecord, type Raw, record, records, text, texts } from '../decode/raw.js';
import type { MeshRoute } from '../decode/world-types.js';
import { DESTINATIONS, refFaults } from './references.js';
import { filterFaults } from './route-filters.js';
import { HEADER_NAME, METHODS } from './values.js';

const TARGETS = ['Mesh', 'Dataplane', 'MeshSubset', 'MeshService', 'MeshServiceSubset', 'MeshGateway'];
const HEADER_TYPES = ['Exact', 'Present', 'RegularExpression', 'Absent', 'Prefix'];

/**
 * Why the API server or Kuma's webhook would not take a MeshHTTPRoute or MeshTCPRoute; empty when they would (the CRDs, and kuma
 * `meshhttproute/api/v1alpha1/validation.go`, `meshtcproute/api/v1alpha1/validator.go`, `pkg/core/resources/apis/mesh/validators.go`,
 * 2.14 and 3.0).
 */
export function meshRouteFaults(route: MeshRoute, major: number): readonly FieldFault[] {
  const spec = record(route.object.spec);
  const tcp = route.ref.kind === 'MeshTCPRoute';
  const target = maybeRecord(spec.targetRef);
  const targets = major >= 3 ? TARGETS.slice(0, 2) : route.role === 'system' ? TARGETS : TARGETS.slice(0, 5);
  const gateway = target?.kind === 'MeshGateway';
  const produced = route.to.filter(({ targetRef }) => isProducerItem(targetRef, route.namespace, major));
  const mixed = route.role !== 'system' && produced.length > 0 && produced.length < route.to.length;
  return [
    ...(mixed ? [fieldFault('/spec/to', 'some items are about Services of this namespace, and some are about others')] : []),
    ...(target === undefined ? [] : refFaults(target, targets, '/spec/targetRef', major)),
    ...(target?.sectionName === undefined ? [] : [fieldFault('/spec/targetRef/sectionName', 'routes are not about single inbounds')]),
    ...indexed(spec.to).flatMap(([n, item]) => {
      const pointer = `/spec/to/${n}`;
      const rules = indexed(item.rules);
      return [
        ...refFaults(record(item.targetRef), gateway ? ['Mesh'] : DESTINATIONS, `${pointer}/targetRef`, major),
        ...(tcp && rules.length > 1 ? [fieldFault(`${pointer}/rules`, 'there can be one only')] : []),
        ...rules.flatMap(([m, rule]) =>
          tcp ? tcpFaults(rule, `${pointer}/rules/${m}`, major) : httpFaults(rule, `${pointer}/rules/${m}`, { gateway, major }),
        ),
        ...(texts(item.hostnames).length > 0 && !gateway ? [fieldFault(`${pointer}/hostnames`, 'only with targetRef MeshGateway')] : []),
      ];
    }),
  ];
}

function backendFaults(conf: Raw, pointer: string, major: number): readonly FieldFault[] {
  const kinds = major >= 3 ? DESTINATIONS : [...DESTINATIONS, 'MeshServiceSubset'];
  return indexed(conf.backendRefs).flatMap(([n, ref]) => {
    const at = `${pointer}/default/backendRefs/${n}`;
    const noPort = ref.kind === 'MeshMultiZoneService' && ref.port === undefined;
    return [...refFaults(ref, kinds, at, major), ...(noPort ? [fieldFault(`${at}/port`, 'there must be one')] : [])];
  });
}

function tcpFaults(rule: Raw, pointer: string, major: number): readonly FieldFault[] {
  const conf = record(rule.default);
  const none = indexed(conf.backendRefs).length === 0 ? [fieldFault(`${pointer}/default/backendRefs`, 'there must be at least one')] : [];
  return [...none, ...backendFaults(conf, pointer, major)];
}

function httpFaults(rule: Raw, pointer: string, { gateway, major }: { gateway: boolean; major: number }): readonly FieldFault[] {
  const matches = records(rule.matches);
  const conf = record(rule.default);
  return [
    ...(matches.length === 0 ? [fieldFault(`${pointer}/matches`, 'there must be at least one')] : []),
    ...matches.flatMap((match, n) => matchFaults(match, `${pointer}/matches/${n}`)),
    ...filterFaults(records(conf.filters), { matches, gateway, major }, `${pointer}/default/filters`),
    ...backendFaults(conf, pointer, major),
  ];
}

function matchFaults(match: Raw, pointer: string): readonly FieldFault[] {
  const { type, value: written } = record(match.path);
  const value = text(written);
  const names = records(match.queryParams).map(({ name }) => text(name));
  return [
    ...(match.path !== undefined && !['Exact', 'PathPrefix', 'RegularExpression'].includes(text(type))
      ? [fieldFault(`${pointer}/path/type`, `${text(type) || 'nothing'} is no type of path: Exact, PathPrefix or RegularExpression`)]
      : []),
    ...(match.path !== undefined && value === '' ? [fieldFault(`${pointer}/path/value`, 'there must be one')] : []),
    ...(type === 'PathPrefix' && value.length > 1 && value.endsWith('/')
      ? [fieldFault(`${pointer}/path/value`, 'no slash at the end')]
      : []),
    ...(type !== 'RegularExpression' && value !== '' && !value.startsWith('/')
      ? [fieldFault(`${pointer}/path/value`, 'it must begin with a slash')]
      : []),
    ...(match.method !== undefined && !METHODS.includes(text(match.method))
      ? [fieldFault(`${pointer}/method`, `${text(match.method)} is no method: ${METHODS.join(', ')}`)]
      : []),
    ...records(match.headers).flatMap(({ type: is = 'Exact', name, value: of }, n) => [
      ...(HEADER_NAME.test(text(name)) ? [] : [fieldFault(`${pointer}/headers/${n}/name`, `${text(name)} must be lower case`)]),
      ...(HEADER_TYPES.includes(text(is))
        ? []
        : [fieldFault(`${pointer}/headers/${n}/type`, `${text(is) || 'nothing'} is no type of header match: ${HEADER_TYPES.join(', ')}`)]),
      ...((is === 'Present' || is === 'Absent') && text(of) !== ''
        ? [fieldFault(`${pointer}/headers/${n}/value`, `not with type ${is}`)]
        : []),
    ]),
    ...records(match.queryParams).flatMap(({ type: is, name }, n) => [
      ...(is === 'Exact' || is === 'RegularExpression'
        ? []
        : [
            fieldFault(
              `${pointer}/queryParams/${n}/type`,
              `${text(is) || 'nothing'} is no type of query match: Exact or RegularExpression`,
            ),
          ]),
      ...(text(name) === '' ? [fieldFault(`${pointer}/queryParams/${n}/name`, 'there must be one')] : []),
    ]),
    ...(new Set(names).size === names.length ? [] : [fieldFault(`${pointer}/queryParams`, 'several entries of one name')]),
  ];
}
