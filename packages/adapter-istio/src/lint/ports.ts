import { describeRef, type Finding, finding } from '@heddle/core';
import { record, records } from '../decode/raw.js';
import type { Service, ServicePort, VirtualService } from '../decode/world-types.js';
import type { LintContext } from './context.js';
import type { Group } from './groups.js';

/** Ports whose protocol nothing tells: proxies look at the first bytes, and requests are HTTP only if they look like it. */
export function lintPorts({ world }: LintContext): readonly Finding[] {
  return world.services.flatMap((service) => {
    if (service.shape === 'externalName') return [];
    const places = records(record(service.object.spec).ports);
    return service.ports.flatMap((port) => {
      if (port.protocol !== 'auto') return [];
      const index = places.findIndex((raw) => raw.port === port.number);
      const named =
        port.name === '' ? 'has neither a name nor an appProtocol' : `is named ${port.name}, which names no protocol that Istio knows`;
      const text = `port ${port.number} ${named}, so proxies guess by the first bytes whether it is HTTP`;
      return [
        finding('info', 'port-protocol-unknown', service.ref, text, {
          pointer: `/spec/ports/${Math.max(0, index)}`,
          fix: 'begin the name with the protocol (http-…, grpc-…, tcp-…), or set appProtocol',
        }),
      ];
    });
  });
}

/** Rules for requests to a Service none of whose ports carries HTTP. */
export function rulesOnTcp({ virtualServices, services }: Group): readonly Finding[] {
  return virtualServices.flatMap((one) => {
    if (one.http.length === 0 || one.routes !== undefined || !one.gateways.includes('mesh')) return [];
    return services
      .filter((service) => claims(one, service) && service.ports.length > 0 && service.ports.every(isNotHttp))
      .map((service) => {
        const ports = service.ports.map(({ number, name }) => `${number}${name === '' ? '' : ` (${name})`}`).join(', ');
        const text = `its rules for requests mean nothing for ${describeRef(service.ref)}: by their names its ports carry no HTTP (${ports}), so connections go through as they are`;
        return finding('error', 'http-rules-on-tcp', one.ref, text, {
          pointer: '/spec/http',
          fix: `if it is HTTP, name the port http or set appProtocol: http in ${describeRef(service.ref)}`,
        });
      });
  });
}

const claims = (one: VirtualService, service: Service): boolean => one.hosts.some((host) => host.toLowerCase() === service.host);

const isNotHttp = ({ protocol }: ServicePort): boolean => protocol !== 'http' && protocol !== 'auto';
