export { type ConnectOptions, connectCluster } from './connect.js';
export { type KubeContext, listContexts } from './contexts.js';
