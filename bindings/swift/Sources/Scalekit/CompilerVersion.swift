// A Swift program cannot query the version of its compiler, so each version needs a condition.
#if compiler(>=7.0)
let compilerVersion = "7"
#elseif compiler(>=6.4)
let compilerVersion = "6.4"
#elseif compiler(>=6.3)
let compilerVersion = "6.3"
#elseif compiler(>=6.2)
let compilerVersion = "6.2"
#elseif compiler(>=6.1)
let compilerVersion = "6.1"
#else
let compilerVersion = "6.0"
#endif
