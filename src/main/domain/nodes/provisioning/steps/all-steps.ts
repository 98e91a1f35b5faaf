import type { Steps } from '../provision-step.js';
import { agentStep } from './agent-step.js';
import { certificateStep } from './certificate-step.js';
import { connectStep } from './connect-step.js';
import { factsStep } from './facts-step.js';
import { healthStep } from './health-step.js';
import { modelStep } from './model-step.js';
import { preflightStep } from './preflight-step.js';
import { pythonStep } from './python-step.js';
import { runtimeStep } from './runtime-step.js';
import { serviceStep } from './service-step.js';

export const STEPS: Steps = {
  connect: connectStep,
  facts: factsStep,
  preflight: preflightStep,
  runtime: runtimeStep,
  certificate: certificateStep,
  agent: agentStep,
  python: pythonStep,
  model: modelStep,
  service: serviceStep,
  health: healthStep,
};
