/** What the image in `agent/`, the pod and the in-process agent agree on. */
export const AGENT = {
  container: 'heddle-agent',
  volume: 'heddle-agent',
  /** The only user, its uid and gid. */
  user: 'heddle',
  uid: 10_022,
  /** Where the session's Secret is mounted. */
  session: '/etc/heddle/session',
  ready: '/etc/heddle/ready',
  /** Name of the container's port that `connect` dials. */
  sshPort: 'heddle-ssh',
} as const;

/** Keys of the session's Secret, which are file names in the pod. */
export const SECRET = {
  authorizedKeys: 'authorized_keys',
  hostKey: 'host_key',
  config: 'session.conf',
} as const;
