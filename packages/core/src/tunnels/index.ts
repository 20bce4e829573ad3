export { tunnelAuthError, tunnelRefusedError } from './agent-errors.js';
export { AGENT_CONTAINER, type AgentImage, agentFiles, agentPod, agentPort } from './agent-pod.js';
export { ForwardedPort, type WaitingCaller } from './forwarded-port.js';
