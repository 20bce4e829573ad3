import { cliInputError } from '../errors/cli-error.js';

export interface ServiceArgument {
  readonly name: string;
  /** Number or name, as written. */
  readonly port?: string;
}

const KUBECTL_FORM = /^(?:svc|services?)\//;

/** Reads `NAME` alone, or kubectl's `service/NAME`: for commands that take ports by a flag. Throws `service-invalid`. */
export function parseServiceName(text: string): string {
  const { name, port } = parseServiceArgument(text);
  if (port === undefined) return name;
  throw cliInputError('service-invalid', { path: 'SERVICE', expected: "a Service's name alone", received: text }, [
    `Give the port by --expose: ${name} --expose ${port}`,
  ]);
}

/** Reads `NAME` or `NAME:PORT`. Throws `service-invalid`. */
export function parseServiceArgument(text: string): ServiceArgument {
  const [name = '', port, more] = text.replace(KUBECTL_FORM, '').split(':');
  const labelOk = (label: string) => /^[a-z0-9](?:[-a-z0-9]{0,61}[a-z0-9])?$/.test(label);
  if (!labelOk(name) || more !== undefined || (port !== undefined && !labelOk(port))) {
    throw cliInputError(
      'service-invalid',
      { path: 'SERVICE', expected: "a Service's name, with :PORT if it has several ports", received: text === '' ? 'nothing' : text },
      text.includes('.') || text.includes('/') ? ['Give the namespace with -n: heddle … SERVICE -n NAMESPACE'] : [],
    );
  }
  return port === undefined ? { name } : { name, port };
}
