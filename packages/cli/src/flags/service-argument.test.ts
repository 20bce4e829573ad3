import { describe, expect, it } from 'vitest';
import { parseServiceArgument, parseServiceName } from './service-argument.js';

describe('a SERVICE argument', () => {
  it.each([
    ['tomcat', { name: 'tomcat' }],
    ['tomcat:8080', { name: 'tomcat', port: '8080' }],
    ['tomcat:http', { name: 'tomcat', port: 'http' }],
    ['svc/tomcat', { name: 'tomcat' }],
    ['service/tomcat:80', { name: 'tomcat', port: '80' }],
  ])('reads %s', (text, expected) => {
    expect(parseServiceArgument(text)).toEqual(expected);
  });

  it.each(['', 'Tomcat', 'a:b:c', 'tomcat.mesh-demo', 'deployment/tomcat', '-tomcat', 'tomcat:', 'x'.repeat(64)])('refuses %j', (text) => {
    expect(() => parseServiceArgument(text)).toThrow(expect.objectContaining({ code: 'service-invalid', exit: 'usage' }));
  });

  it('points at --expose where the port has a flag of its own', () => {
    expect(() => parseServiceName('tomcat:8080')).toThrow(
      expect.objectContaining({ next: ['Give the port by --expose: tomcat --expose 8080'] }),
    );
    expect(parseServiceName('svc/tomcat')).toBe('tomcat');
  });

  it('points at -n for a name with its namespace', () => {
    expect(() => parseServiceName('tomcat.mesh-demo')).toThrow(
      expect.objectContaining({ next: [expect.stringContaining('-n NAMESPACE')] }),
    );
  });
});
