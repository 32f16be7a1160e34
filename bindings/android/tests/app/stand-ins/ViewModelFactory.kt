package androidx.lifecycle.viewmodel

import androidx.lifecycle.ViewModel
import androidx.lifecycle.ViewModelProvider

class InitializerViewModelFactoryBuilder {
    private val initializers = mutableMapOf<Class<*>, () -> ViewModel>()

    fun <T : ViewModel> addInitializer(type: Class<T>, initializer: () -> T) {
        initializers[type] = initializer
    }

    fun build() = object : ViewModelProvider.Factory {
        override fun <T : ViewModel> create(modelClass: Class<T>): T =
            modelClass.cast(initializers.getValue(modelClass)())
    }
}

inline fun <reified T : ViewModel> InitializerViewModelFactoryBuilder.initializer(noinline initializer: () -> T) =
    addInitializer(T::class.java, initializer)

inline fun viewModelFactory(builder: InitializerViewModelFactoryBuilder.() -> Unit): ViewModelProvider.Factory =
    InitializerViewModelFactoryBuilder().apply(builder).build()
