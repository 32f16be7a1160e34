@file:Suppress("UNUSED_PARAMETER")

package androidx.activity

import android.app.Activity
import android.content.Intent
import androidx.lifecycle.ViewModel
import androidx.lifecycle.ViewModelProvider

open class ComponentActivity : Activity() {
    override fun onNewIntent(intent: Intent) = super.onNewIntent(intent)
}

inline fun <reified T : ViewModel> ComponentActivity.viewModels(
    noinline factoryProducer: () -> ViewModelProvider.Factory,
): Lazy<T> = lazy { factoryProducer().create(T::class.java) }
