/** How work is watched and stopped. */
export interface WorkOptions {
  readonly signal?: AbortSignal | undefined;
  /** How much is done, 0 to 1. */
  readonly onProgress?: ((share: number) => void) | undefined;
}
