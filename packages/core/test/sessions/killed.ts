import type { Identity } from '@heddle/core';
import { breathe } from './manual-clock.js';
import { type Developer, header, type World } from './world.js';

/** An active session whose process has been killed: its requests never return, its connections are closed. */
export async function killedSession(
  world: World,
  user = 'alice',
  identity: Partial<Identity> = {},
): Promise<{ victim: Developer; id: string }> {
  const victim = await world.developer(user, identity);
  const { session } = victim.start(header('x-dev', user));
  await session.active;
  world.sandbox.faults.crash(user, 1);
  for (const stream of victim.streams) stream.destroy();
  await breathe();
  return { victim, id: session.id };
}
