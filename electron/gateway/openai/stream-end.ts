export const STREAM_END = 'data: [DONE]\n\n';
