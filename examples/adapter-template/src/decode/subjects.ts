import { servicesNamed, splitHostPort, type Target } from '@heddle/core';
import type { Service, World } from './world.js';

/** A Service's port that a target is about. */
export interface Subject {
  readonly service: Service;
  readonly port: number;
}

/** The Services and ports of a target. A host may be a bare name, which means one in each namespace, and may have a port. */
export function subjectsOf({ services }: World, target: Target): readonly Subject[] {
  const found = new Map<string, Subject>();
  const add = (service: Service, port: number) => {
    if (service.ports.some((one) => one.number === port)) found.set(`${service.host}:${port}`, { service, port });
  };
  for (const service of services) {
    for (const wanted of target.services) {
      if (wanted.namespace === service.namespace && wanted.name === service.name) add(service, wanted.port);
    }
  }
  for (const written of target.hosts ?? []) {
    const { host, port } = splitHostPort(written);
    for (const service of servicesNamed(services, host)) {
      for (const { number } of service.ports) if (port === undefined || port === number) add(service, number);
    }
  }
  return [...found.values()];
}
