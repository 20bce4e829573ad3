import { availableParallelism } from 'node:os';
import { defineConfig } from 'vitest/config';

export default defineConfig({
  // Workspace packages are taken from their sources, so that a test never runs against a stale build.
  resolve: { conditions: ['heddle-source'] },
  ssr: { resolve: { conditions: ['heddle-source', 'node', 'import', 'module', 'default'] } },
  test: {
    include: [
      'packages/*/src/**/*.test.ts',
      'packages/*/test/**/*.test.ts',
      'examples/*/src/**/*.test.ts',
      'examples/*/test/**/*.test.ts',
      'test/**/*.test.ts',
    ],
    setupFiles: ['test/setup/property-seed.ts'],
    exclude: ['**/node_modules/**', '**/dist/**', 'test/cluster/**'],
    // Many tests wait for processes and sockets: two at a time also where there are two cores.
    maxWorkers: Math.max(2, availableParallelism() - 1),
    // A machine that builds sets CI, and heddle then asks nobody: the tests say themselves where they mean that.
    env: { CI: '' },
    testTimeout: 60_000,
    hookTimeout: 60_000,
  },
});
