/** The fleet cannot be described as it is; the message says what is missing and where it belongs. */
export class DeploymentError extends Error {
  readonly code = 'DEPLOYMENT';
  override readonly name = 'DeploymentError';
}
