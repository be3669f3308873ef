/** What is used here of an `AbortSignal`: a way to learn that something is not wanted any more. `src` knows no host's own type. */
export interface Abort {
  /** Throws the reason, once it has been given up. */
  throwIfAborted(): void;
  addEventListener(type: "abort", listener: () => void, options?: { readonly once?: boolean }): void;
  removeEventListener(type: "abort", listener: () => void): void;
}
