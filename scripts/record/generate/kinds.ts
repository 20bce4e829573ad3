import type { RoutingCase } from '../routing-case.ts';
import { generateCase } from './generate-case.ts';
import { httpRouteCase } from './http-routes.ts';
import { recordedCase } from './recorded-case.ts';

export type Generator = (seed: number, number: number) => RoutingCase;

/** Generators by the name under which they are asked for. */
export const KINDS: Readonly<Record<string, Generator>> = {
  'virtual-services': generateCase,
  'http-routes': httpRouteCase,
};

/** All that cases can be taken from: the recorded ones too. */
export const SOURCES: Readonly<Record<string, Generator>> = { ...KINDS, recorded: recordedCase };
