import type { AgentImage } from '@heddle/core';

/** What the image in `agent/` and the pod agree on. */
export const IMAGE: AgentImage = {
  uid: 10_022,
  session: '/etc/heddle/session',
  ready: '/etc/heddle/ready',
  controlPort: 'heddle-ssh',
  memory: '32Mi',
};

/** The image's only user. */
export const USER = 'heddle';

/** Keys of the session's Secret, which are file names in the pod. */
export const SECRET = {
  authorizedKeys: 'authorized_keys',
  hostKey: 'host_key',
  config: 'session.conf',
} as const;
