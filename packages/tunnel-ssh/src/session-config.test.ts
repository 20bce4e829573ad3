import fc from 'fast-check';
import { expect, test } from 'vitest';
import { formatSessionConfig, parseSessionConfig } from './session-config.js';

const port = fc.integer({ min: 1, max: 65_535 });
const name = fc
  .array(fc.stringMatching(/^[a-z0-9]([a-z0-9-]{0,8}[a-z0-9])?$/), { minLength: 1, maxLength: 5 })
  .map((parts) => parts.join('.'));
const host = fc.oneof(name, fc.ipV4(), fc.ipV6());
const hostPort = fc.record({ host, port });

test('what is written is read back', () => {
  const config = fc.record({ port, permitListen: fc.array(port, { maxLength: 4 }), permitOpen: fc.array(hostPort, { maxLength: 4 }) });
  fc.assert(
    fc.property(config, (config) => {
      expect(parseSessionConfig(formatSessionConfig(config))).toEqual(config);
    }),
  );
});

test('is three lines of sshd_config', () => {
  const permitOpen = [
    { host: 'tomcat.mesh-demo.svc.cluster.local', port: 8080 },
    { host: 'fd00::1', port: 80 },
  ];
  expect(formatSessionConfig({ port: 2222, permitListen: [8080, 9090], permitOpen })).toBe(
    'Port 2222\nPermitListen *:8080 *:9090\nPermitOpen tomcat.mesh-demo.svc.cluster.local:8080 [fd00::1]:80\n',
  );
  expect(formatSessionConfig({ port: 2222, permitListen: [], permitOpen: [] })).toBe('Port 2222\nPermitListen none\nPermitOpen none\n');
});

test.for(['*', 'a b', 'a\nPermitOpen any', '', 'a:1', '-a', 'host*', '[::1]'])('refuses the host %j', (host) => {
  const write = () => formatSessionConfig({ port: 2222, permitListen: [], permitOpen: [{ host, port: 80 }] });
  expect(write).toThrow('expected a host name or an address');
});

test.for([0, -1, 65_536, 80.5, Number.NaN])('refuses the port %d', (port) => {
  expect(() => formatSessionConfig({ port: 2222, permitListen: [port], permitOpen: [] })).toThrow('expected a port');
});

test('reads nothing that it did not write', () => {
  expect(() => parseSessionConfig('Port 2222\nForceCommand none\n')).toThrow('unknown keyword ForceCommand');
  expect(() => parseSessionConfig('PermitListen none\n')).toThrow('expected a port');
});
