import { readFileSync } from 'node:fs';
import { packageFile } from '../package-file.js';

/** The part of JSON Schema that heddle's published schemas use. */
export interface Schema {
  readonly type?: string;
  readonly description?: string;
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly additionalProperties?: boolean | Schema;
  readonly required?: readonly string[];
  readonly items?: Schema;
  readonly enum?: readonly string[];
  readonly pattern?: string;
  readonly minLength?: number;
  readonly minimum?: number;
  readonly maximum?: number;
}

/** Reads a published schema. */
export function readSchema(name: string): Schema {
  return JSON.parse(readFileSync(packageFile(`schemas/${name}.json`), 'utf8')) as Schema;
}
