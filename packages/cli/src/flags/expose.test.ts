import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseExpose } from './expose.js';

const failure = (text: string) => {
  try {
    parseExpose(text);
  } catch (error) {
    return error as Error & { code: string; exit: string };
  }
  throw new Error(`accepted: ${text}`);
};

describe('parseExpose', () => {
  it.each([
    ['8080', [{ port: '8080', local: { host: 'localhost', port: 8080 } }]],
    ['3000:8080', [{ port: '8080', local: { host: 'localhost', port: 3000 } }]],
    ['3000:http', [{ port: 'http', local: { host: 'localhost', port: 3000 } }]],
    ['192.168.1.7:3000:8080', [{ port: '8080', local: { host: '192.168.1.7', port: 3000 } }]],
    ['vm.local:3000:http-web', [{ port: 'http-web', local: { host: 'vm.local', port: 3000 } }]],
    ['[::1]:3000:8080', [{ port: '8080', local: { host: '::1', port: 3000 } }]],
    [
      '8080, 9091:9090',
      [
        { port: '8080', local: { host: 'localhost', port: 8080 } },
        { port: '9090', local: { host: 'localhost', port: 9091 } },
      ],
    ],
  ])('reads %s', (text, ports) => {
    expect(parseExpose(text)).toEqual(ports);
  });

  it.each([
    '',
    '0',
    '65536',
    '8080:',
    ':8080',
    'http',
    'a:b',
    '1:2:3:4',
    '::1:3000:8080',
    '[::1]3000:8080',
    '[::1]:8080',
    '8080,8080',
    '8080,,9090',
    '-1',
    'HTTP:80',
    '3000:way-too-long-name',
    '3000:http_',
    '1e3',
  ])('refuses %j, naming the flag, the form and what was written', (text) => {
    const error = failure(text);
    expect(error).toMatchObject({ code: 'expose-invalid', exit: 'usage' });
    expect(error.message).toMatch(/^--expose: expected .+, received .+/);
  });

  it('says why a lone name does not do', () => {
    expect(failure('http').message).toContain('LOCAL:http');
  });

  it('never gives a port outside 1 to 65535, whatever is written', () => {
    const text = fc.stringMatching(/^[0-9a-z:.,[\]-]{0,24}$/);
    fc.assert(
      fc.property(text, (written) => {
        try {
          for (const { port, local } of parseExpose(written)) {
            expect(port).not.toBe('');
            expect(local.port).toBeGreaterThanOrEqual(1);
            expect(local.port).toBeLessThanOrEqual(65535);
            expect(local.host).not.toBe('');
          }
        } catch (error) {
          expect(error).toMatchObject({ code: 'expose-invalid' });
        }
      }),
    );
  });

  it('reads back what it is given in full', () => {
    const port = fc.integer({ min: 1, max: 65535 });
    fc.assert(
      fc.property(fc.domain(), port, port, (host, local, remote) => {
        expect(parseExpose(`${host}:${local}:${remote}`)).toEqual([{ port: String(remote), local: { host, port: local } }]);
      }),
    );
  });
});
