import { describeConformance } from '@heddle/conformance/vitest';
import { adapter } from '../src/index.js';

await describeConformance(adapter, { packageDir: new URL('..', import.meta.url) });
