import type { RouteTable } from '@heddle/core';
import type { VirtualService } from './world-types.js';

/** A table before it is known which clients share it. */
export interface CompiledTable {
  readonly table: Omit<RouteTable, 'view'>;
  readonly role: 'host' | 'gateway' | 'rest';
  readonly host: string;
  /** Those that were made of routes of the Gateway API too. */
  readonly virtualServices: readonly VirtualService[];
  readonly gateways: readonly string[];
}
