package androidx.lifecycle

import androidx.activity.ComponentActivity
import kotlinx.coroutines.CoroutineScope
import kotlinx.coroutines.Dispatchers
import kotlinx.coroutines.MainScope
import kotlinx.coroutines.SupervisorJob

abstract class ViewModel {
    internal val scope = CoroutineScope(SupervisorJob() + Dispatchers.Main.immediate)
}

val ViewModel.viewModelScope: CoroutineScope get() = scope

@Suppress("UnusedReceiverParameter")
val ComponentActivity.lifecycleScope: CoroutineScope get() = MainScope()

class ViewModelProvider private constructor() {
    interface Factory {
        fun <T : ViewModel> create(modelClass: Class<T>): T
    }
}
