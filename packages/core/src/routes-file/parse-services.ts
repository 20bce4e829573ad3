import { isRecord } from '../model/object.js';
import type { NamedPort } from '../routes/service-ports.js';
import { at, items, mapping, maybe, number, type Place, text, words, wrong } from '../routing-tests/shape.js';
import type { DescribedService, DescribedVersion } from './types.js';

const port = number(1, 65535, 'a whole number');
const PORTS = 'a list of ports, each a number or {port, name, appProtocol}';

/** `services`: by name, their `ports`, `selector` and `versions`. */
export function parseServices(place: Place): readonly DescribedService[] {
  if (place.value === undefined) return [];
  if (!isRecord(place.value)) return wrong(place, 'a mapping of Services by name') ?? [];
  return Object.keys(place.value).flatMap((name) => parseService(at(place, name), name) ?? []);
}

function parseService(place: Place, name: string): DescribedService | undefined {
  if (mapping(place, ['ports', 'selector', 'versions'], 'what is known of the Service: ports, selector, versions') === undefined) {
    return undefined;
  }
  const ports = items(at(place, 'ports'), PORTS).flatMap((one) => parsePort(one) ?? []);
  return { name, ports, ...maybe(place, 'selector', words), versions: parseVersions(at(place, 'versions')), path: place.path };
}

function parsePort(place: Place): NamedPort | undefined {
  if (!isRecord(place.value)) {
    const plain = port(place);
    return plain === undefined ? undefined : { port: plain };
  }
  if (mapping(place, ['port', 'name', 'appProtocol']) === undefined) return undefined;
  const own = port(at(place, 'port'));
  return own === undefined ? undefined : { port: own, ...maybe(place, 'name', text), ...maybe(place, 'appProtocol', text) };
}

function parseVersions(place: Place): DescribedService['versions'] {
  if (place.value === undefined) return {};
  if (!isRecord(place.value)) return wrong(place, 'a mapping of versions by name') ?? {};
  const read = Object.keys(place.value).flatMap((name) => {
    const version = parseVersion(at(place, name));
    return version === undefined ? [] : [[name, version] as const];
  });
  return Object.fromEntries(read);
}

function parseVersion(place: Place): DescribedVersion | undefined {
  const raw = mapping(place, ['labels', 'service'], 'what the version is: {labels: {…}} of its Pods, or {service: NAME}');
  if (raw === undefined) return undefined;
  if ('labels' in raw === 'service' in raw) return wrong(place, 'either labels or service');
  if ('service' in raw) {
    const service = text(at(place, 'service'));
    return service === undefined ? undefined : { service };
  }
  const labels = words(at(place, 'labels'));
  return labels === undefined ? undefined : { labels };
}
