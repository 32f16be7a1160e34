import rs.scalekit.ScalekitException;

/** All errors. */
final class Errors {
    private Errors() {}

    /** Returns what a program does. Without a {@code default}, the compiler requires all errors. */
    static String remedy(ScalekitException error) {
        return switch (error) {
            case ScalekitException.Unauthenticated e -> "check the credentials";
            case ScalekitException.PermissionDenied e -> "check the permissions";
            case ScalekitException.NotFound e -> "create it";
            case ScalekitException.Conflict e -> "use another name";
            case ScalekitException.InvalidRequest e -> "correct " + e.getFailure().getFieldViolations();
            case ScalekitException.RateLimited e -> "retry after " + e.getFailure().getRetryAfterSeconds();
            case ScalekitException.Service e -> retry(e);
            case ScalekitException.Tool e -> retry(e);
            case ScalekitException.Connection e -> retry(e);
            case ScalekitException.Timeout e -> retry(e);
            case ScalekitException.InvalidArgument e -> "correct the call: " + e.getMessage();
            case ScalekitException.LoginRequired e -> "start a new login";
            case ScalekitException.LoginFailed e -> "start a new login";
            case ScalekitException.InvalidToken e -> "reject the caller: " + e.getFailure().getCode();
            case ScalekitException.TokenExpired e -> "reject the caller";
            case ScalekitException.MissingScope e -> "reject the caller";
            case ScalekitException.InvalidWebhook e -> "reject the delivery: " + e.getFailure().getCode();
            case ScalekitException.Decode e -> "report a bug";
            case ScalekitException.Internal e -> "report a bug";
            case ScalekitException.BlockingInAsync e -> "use the async client";
            case ScalekitException.Closed e -> "create a new client";
            case ScalekitException.Cancelled e -> "end the task";
        };
    }

    private static String retry(ScalekitException error) {
        return error.getFailure().getRetryable() ? "retry later" : "give up";
    }
}
