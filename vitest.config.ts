import { availableParallelism } from 'node:os';
import { defineConfig } from 'vitest/config';

/**
 * Whole processes, sessions that die and tunnels that are broken and so end nothing, what goes on for minutes, and what looks at the
 * modules, the signals or the open sockets of its process: each of these files has a worker of its own, so that what one leaves behind
 * disturbs no other. They come first, since they take long.
 */
const ALONE = [
  'test/{e2e,plugins,terminal}/**/*.test.ts',
  'test/packed.test.ts',
  'packages/*/src/**/{crash,crash-drift,new-ports-crash}.test.ts',
  'packages/cli/test/clean.test.ts',
  'packages/cli/src/services/signals.test.ts',
  'packages/conformance/test/broken-tunnels.test.ts',
  'packages/sandbox/test/lifecycle.test.ts',
  'packages/tunnel-ssh/src/index.test.ts',
  'packages/tunnel-ssh/test/dispose.test.ts',
];

export default defineConfig({
  // Workspace packages are taken from their sources, so that a test never runs against a stale build.
  resolve: { conditions: ['heddle-source'] },
  ssr: { resolve: { conditions: ['heddle-source', 'node', 'import', 'module', 'default'] } },
  test: {
    projects: [
      { extends: true, test: { name: 'alone', include: ALONE } },
      {
        extends: true,
        test: {
          name: 'together',
          include: ['packages/*/{src,test}/**/*.test.ts', 'examples/*/{src,test}/**/*.test.ts', 'test/**/*.test.ts'],
          exclude: ['**/node_modules/**', ...ALONE],
          // No module has state (CONTRIBUTING.md), so test files share a worker's modules instead of loading them anew, one by one.
          isolate: false,
          setupFiles: ['test/setup/nothing-left.ts'],
        },
      },
    ],
    setupFiles: ['test/setup/property-seed.ts'],
    // Many tests wait for processes and sockets: two at a time also where there are two cores.
    maxWorkers: Math.max(2, availableParallelism() - 1),
    // A machine that builds sets CI, and heddle then asks nobody: the tests say themselves where they mean that.
    env: { CI: '' },
    testTimeout: 60_000,
    hookTimeout: 60_000,
  },
});
