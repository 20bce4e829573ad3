import type { Version } from '../../model/change.js';
import { isRecord } from '../../model/object.js';
import type { Fault } from '../../model/table.js';
import type { RouteAction, RouteEntry } from '../../routes/entry.js';
import type { RecordedRoute } from './record.js';
import { amount, bad, list, number, string } from './record-fields.js';
import { decodeMatch } from './record-match.js';

/** What a record says of standing routes. Throws `record-invalid` with the place. */
export function decodeRoute(value: unknown, path: string): RecordedRoute {
  if (!isRecord(value)) throw bad(path, 'an object', value);
  return {
    entries: list(value.entries, `${path}.entries`).map((entry, index) => entryIn(entry, `${path}.entries[${index}]`)),
    versions: list(value.versions, `${path}.versions`).map((version, index) => versionIn(version, `${path}.versions[${index}]`)),
    ...(typeof value.copied === 'string' ? { copied: value.copied } : {}),
    ...(value.allPorts === true ? { allPorts: true } : {}),
    established: value.established === true,
  };
}

function entryIn(value: unknown, path: string): RouteEntry {
  if (!isRecord(value)) throw bad(path, 'an object', value);
  const by = isRecord(value.by) ? value.by : {};
  return {
    name: string(value.name, `${path}.name`),
    match: list(value.match, `${path}.match`).map((match, index) => decodeMatch(match, `${path}.match[${index}]`)),
    by: { user: string(by.user, `${path}.by.user`), host: string(by.host, `${path}.by.host`) },
    since: string(value.since, `${path}.since`),
    ...(typeof value.file === 'string' ? { file: value.file } : {}),
    ...actionIn(value, path),
  };
}

function actionIn(value: Readonly<Record<string, unknown>>, path: string): RouteAction {
  if (value.to !== undefined) {
    const share = (one: unknown, at: string) => {
      if (!isRecord(one)) throw bad(at, 'an object', one);
      return { version: string(one.version, `${at}.version`), weight: number(one.weight, `${at}.weight`) };
    };
    return { to: list(value.to, `${path}.to`).map((one, index) => share(one, `${path}.to[${index}]`)) };
  }
  if (isRecord(value.mirror)) {
    const { version, percent } = value.mirror;
    return { mirror: { version: string(version, `${path}.mirror.version`), percent: amount(percent, `${path}.mirror.percent`) } };
  }
  if (isRecord(value.fault)) return { fault: faultIn(value.fault, `${path}.fault`) };
  throw bad(path, 'to, mirror or fault', value);
}

function faultIn({ delay, abort }: Readonly<Record<string, unknown>>, path: string): Fault {
  return {
    ...(isRecord(delay)
      ? { delay: { percent: amount(delay.percent, `${path}.delay.percent`), ms: amount(delay.ms, `${path}.delay.ms`) } }
      : {}),
    ...(isRecord(abort)
      ? { abort: { percent: amount(abort.percent, `${path}.abort.percent`), status: number(abort.status, `${path}.abort.status`) } }
      : {}),
  };
}

function versionIn(value: unknown, path: string): Version {
  if (!isRecord(value)) throw bad(path, 'an object', value);
  const id = string(value.id, `${path}.id`);
  if (value.realise === 'subset' || value.realise === 'tag') {
    const labels = Object.entries(isRecord(value.labels) ? value.labels : {}).map(([key, label]) => [key, String(label)]);
    return {
      id,
      realise: value.realise,
      labels: Object.fromEntries(labels),
      ...(typeof value.ref === 'string' ? { ref: value.ref } : {}),
    };
  }
  const service = isRecord(value.service) ? value.service : {};
  const namespace = string(service.namespace, `${path}.service.namespace`);
  return { id, realise: 'service', service: { namespace, name: string(service.name, `${path}.service.name`) } };
}
