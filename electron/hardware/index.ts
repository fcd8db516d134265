export { createHardware, type Hardware } from './hardware.ts';
