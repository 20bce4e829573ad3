import { DEFAULT_ROUTE_NAME } from '@heddle/core';
import { Args, Flags } from '@oclif/core';
import { cliInputError } from '../errors/cli-error.js';
import { parseServiceArgument } from './service-argument.js';

/** The flag that the commands of standing routes have. */
export const routeNameFlag = {
  name: Flags.string({
    default: DEFAULT_ROUTE_NAME,
    summary: 'Name of the standing route.',
    helpValue: 'NAME',
    env: 'HEDDLE_NAME',
  }),
};

export const serviceArg = (description: string) => Args.string({ required: true, description, ignoreStdin: true });

/** Reads `NAME`: a route goes for all of its ports at once. Throws `service-invalid`. */
export function parseRouteService(text: string): string {
  const { name, port } = parseServiceArgument(text);
  if (port === undefined) return name;
  throw cliInputError('service-invalid', { path: 'SERVICE', expected: "a Service's name alone", received: text }, [
    `A route is cleared for all of its ports: heddle route clear ${name}`,
  ]);
}
